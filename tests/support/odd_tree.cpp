// SPDX-License-Identifier: BSD-2-Clause
#include "support/odd_tree.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/scratch.hpp"
#include "xar/base/fd.hpp"

namespace xar::test {
namespace {

namespace fs = std::filesystem;

void require(int result, const fs::path& path) {
  if (result != 0) throw std::runtime_error(path.native() + ": " + std::strerror(errno));
}

// Text that compresses, and differs by seed.
std::string text(std::size_t size, unsigned seed) {
  std::string result;
  result.reserve(size + 32);
  for (unsigned i = seed; result.size() < size; ++i)
    result += std::to_string(i * 7919) + "\n";
  result.resize(size);
  return result;
}

std::string noise(std::size_t size, std::mt19937_64& random) {
  std::string result(size, '\0');
  for (char& c : result) c = static_cast<char>(random());
  return result;
}

void set_time(const fs::path& path, std::int64_t seconds) {
  const timespec times[2] = {{seconds, 0}, {seconds, 0}};
  require(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), path);
}

void make_socket(const fs::path& path) {
  const base::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path)
    throw std::runtime_error("long path");
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  require(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
          path);
}

void add_types(const fs::path& at) {
  fs::create_directory(at / "empty directory");
  write_file(at / "empty file", "");
  require(::mkfifo((at / "fifo").c_str(), 0640), at);
  make_socket(at / "socket");
  fs::create_symlink("no/such/target", at / "dangling");
  fs::create_symlink(std::string(4000, 'x'), at / "long symlink");
  fs::create_directory_symlink("/", at / "out of here");
  if (::geteuid() != 0) return;
  require(::mknod((at / "block").c_str(), S_IFBLK | 0600, ::makedev(259, 70000)), at);
  require(::mknod((at / "char").c_str(), S_IFCHR | 0666, ::makedev(1, 3)), at);
  require(::mknod((at / "white").c_str(), S_IFCHR | 0000, ::makedev(0, 0)), at);
}

void add_names(const fs::path& at) {
  fs::create_directory(at);
  for (const std::string name :
       {"with space", "with\nnewline", "\xff\xfe not UTF-8", "-dash", "*", "quote\"'`$",
        "\xc3\xa4\xc3\xb6 \xe6\x97\xa5", "...", "tab\t"}) {
    write_file(at / name, name);
  }
  write_file(at / std::string(255, 'n'), "255");
  fs::create_directory(at / std::string(255, 'd'));
}

void add_sizes(const fs::path& at, std::size_t block_size) {
  fs::create_directory(at);
  std::mt19937_64 random(1);
  for (const std::size_t blocks : {0, 1, 2, 3}) {
    for (const int delta : {-1, 0, 1}) {
      if (blocks == 0 && delta < 0) continue;
      const std::size_t size = blocks * block_size + static_cast<std::size_t>(delta);
      const std::string name = std::to_string(size);
      write_file(at / ("text " + name), text(size, static_cast<unsigned>(size)));
      write_file(at / ("noise " + name), noise(size, random));
      write_file(at / ("zeros " + name), std::string(size, '\0'));
    }
  }
}

void add_sparse(const fs::path& at, std::uint64_t size) {
  const base::Fd file(::open(at.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  require(::ftruncate(file.get(), static_cast<off_t>(size)), at);
  for (const std::uint64_t place : {size / 3, size - 5}) {
    if (::pwrite(file.get(), "data", 4, static_cast<off_t>(place)) != 4) require(-1, at);
  }
}

void add_links(const fs::path& at) {
  fs::create_directories(at / "below");
  write_file(at / "one", "linked");
  fs::create_hard_link(at / "one", at / "below/two");
  fs::create_hard_link(at / "one", at / "three");
  fs::create_symlink("one", at / "symlink");
  require(::link((at / "symlink").c_str(), (at / "same symlink").c_str()), at);
}

void add_modes(const fs::path& at) {
  fs::create_directory(at);
  for (const mode_t mode : {0644u, 0755u, 04755u, 02755u, 01777u, 07777u, 0400u, 0000u}) {
    // An ordinary user could not read the last one back.
    if ((mode & 0400) == 0 && ::geteuid() != 0) continue;
    const fs::path file = at / std::to_string(mode);
    write_file(file, "mode");
    require(::chmod(file.c_str(), mode), file);
    fs::create_directory(file.native() + " dir");
    require(::chmod((file.native() + " dir").c_str(), mode | 0500), file);
  }
}

void add_times(const fs::path& at) {
  fs::create_directory(at);
  for (const std::int64_t seconds : {0LL, 1LL, 1LL << 31, (1LL << 32) - 1}) {
    write_file(at / std::to_string(seconds), "time");
    set_time(at / std::to_string(seconds), seconds);
  }
  fs::create_symlink("x", at / "symlink");
  set_time(at / "symlink", 77);
}

void add_crowd(const fs::path& at, std::size_t count) {
  fs::create_directory(at);
  for (std::size_t i = 0; i < count; ++i) {
    write_file(at / ("entry number " + std::to_string(i)),
               i % 7 == 0 ? std::to_string(i) : "");
  }
}

void add_depth(fs::path at) {
  for (int i = 0; i < 60; ++i) {
    fs::create_directory(at);
    write_file(at / "file", std::to_string(i));
    at /= "deeper";
  }
}

// One random tree: the choices so far.
class RandomTree {
 public:
  RandomTree(std::size_t block_size, std::mt19937_64& random)
      : block_size_(block_size), random_(random) {}

  void fill(const fs::path& at, std::size_t inodes) {
    fs::create_directory(at);
    folders_.push_back(at);
    for (std::size_t i = 0; i < inodes; ++i) add_one(i);
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  void add_one(std::size_t i) {
    const fs::path path = folders_[below(folders_.size())] /
                          (std::to_string(i) + std::string(below(200), 'n'));
    switch (below(10)) {
      case 0:
        fs::create_directory(path);
        folders_.push_back(path);
        break;
      case 1:
        fs::create_symlink(std::string(1 + below(300), 's'), path);
        break;
      case 2:
        if (!files_.empty()) {
          fs::create_hard_link(files_[below(files_.size())], path);
          break;
        }
        [[fallthrough]];
      case 3:
        require(::mkfifo(path.c_str(), 0600), path);
        break;
      default:
        write_file(path, content());
        require(::chmod(path.c_str(), static_cast<mode_t>(0400 | below(01000))), path);
        files_.push_back(path);
    }
    set_time(path, static_cast<std::int64_t>(below(1ULL << 32)));
  }

  std::string content() {
    const std::size_t around = below(4) * block_size_;
    const std::size_t size = below(3) == 0 ? below(3 * block_size_) : around + below(5);
    switch (below(4)) {
      case 0:
        return noise(size, random_);
      case 1:
        return std::string(size, '\0');
      default:
        return text(size, static_cast<unsigned>(below(1000)));
    }
  }

  std::size_t block_size_;
  std::mt19937_64& random_;
  std::vector<fs::path> folders_;
  std::vector<fs::path> files_;
};

}  // namespace

void make_odd_tree(const fs::path& at, const OddTree& options) {
  fs::create_directories(at);
  add_types(at);
  add_names(at / "names");
  add_sizes(at / "sizes", options.block_size);
  add_sparse(at / "sparse", options.sparse_size);
  add_links(at / "links");
  add_modes(at / "modes");
  add_times(at / "times");
  add_crowd(at / "crowd", options.crowd);
  add_depth(at / "depth");
}

void make_random_tree(const fs::path& at, std::size_t inodes, std::size_t block_size,
                      std::mt19937_64& random) {
  RandomTree(block_size, random).fill(at, inodes);
}

}  // namespace xar::test
