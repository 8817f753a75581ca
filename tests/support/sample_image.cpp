// SPDX-License-Identifier: BSD-2-Clause
#include "support/sample_image.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "support/scratch.hpp"

namespace xar::test {
namespace {

namespace fs = std::filesystem;

void make_sizes(const fs::path& root) {
  fs::create_directory(root);
  for (const std::size_t block : {std::size_t{4096}, std::size_t{131072}}) {
    for (const std::size_t size : {block - 1, block, block + 1, 3 * block + 17}) {
      const std::string name = std::to_string(size);
      write_file(root / (name + ".noise"), noise(size, static_cast<std::uint32_t>(size)));
      write_file(root / (name + ".plain"), std::string(size, 'x'));
    }
  }
  write_file(root / "empty", "");
  write_file(root / "one", "1");
}

// Data, a hole of several blocks, data, and a hole at the end.
void make_sparse(const fs::path& path) {
  write_file(path, noise(5000, 7));
  fs::resize_file(path, 700'000);
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const std::string data = noise(9000, 8);
  const bool written = ::write(fd, data.data(), data.size()) == 9000;
  ::close(fd);
  if (!written) throw std::runtime_error("cannot write " + path.native());
  fs::resize_file(path, 1'500'000);
}

void make_specials(const fs::path& root) {
  fs::create_directory(root);
  ::mkfifo((root / "fifo").c_str(), 0640);
  ::mknod((root / "socket").c_str(), S_IFSOCK | 0600, 0);
  fs::create_symlink("fifo", root / "link");
  fs::create_symlink(std::string(1000, 'z'), root / "long-dangling-link");
  fs::create_symlink("..", root / "up");
  write_file(root / "setuid", "#!/bin/sh\n");
  ::chmod((root / "setuid").c_str(), 04755);
  write_file(root / "first-name", "linked");
  fs::create_hard_link(root / "first-name", root / "second-name");
  if (::geteuid() != 0) return;
  ::mknod((root / "null").c_str(), S_IFCHR | 0666, makedev(1, 3));
  ::mknod((root / "block").c_str(), S_IFBLK | 0600, makedev(259, 70000));
  write_file(root / "foreign", "not mine");
  if (::chown((root / "foreign").c_str(), 1234, 100'000) != 0) return;
}

void make_names(const fs::path& root) {
  fs::create_directory(root);
  for (const char* name : {"with space", "new\nline", "\xC3\xA9t\xC3\xA9", "\xFF\xFE",
                           "-n", "a", "ab", "abc", "B", "~"}) {
    write_file(root / name, name);
  }
  write_file(root / std::string(255, 'n'), "long");
}

}  // namespace

void make_sample_tree(const fs::path& root) {
  fs::create_directory(root);
  make_sizes(root / "sizes");
  make_sparse(root / "sparse");
  make_specials(root / "special");
  make_names(root / "names");
  fs::create_directories(root / "deep/er/and/deeper");
  write_file(root / "deep/er/and/deeper/file", "found");
  fs::create_directory(root / "empty");
  ::chmod((root / "empty").c_str(), 01777);
  for (unsigned i = 0; i < 50; ++i) {
    write_file(root / ("small" + std::to_string(i)), noise(10 + i * 37, i));
  }
  const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
  ::utimensat(AT_FDCWD, (root / "small7").c_str(), times, 0);
}

void make_image(const fs::path& tree, const fs::path& image, const std::string& options,
                std::uint64_t offset) {
  const Ran ran = shell("mksquashfs " + quoted(tree) + " " + quoted(image) +
                        " -noappend -quiet -no-progress -offset " +
                        std::to_string(offset) + " " + options);
  if (ran.status != 0) throw std::runtime_error("mksquashfs: " + ran.output);
}

void make_crowded_image(const fs::path& image, unsigned count,
                        const std::string& options) {
  const Scratch scratch;
  std::string definitions;
  for (unsigned i = 0; i < count; ++i) {
    definitions += "entry-" + std::to_string(i) + " i 644 0 0 f\n";
  }
  write_file(scratch / "definitions", definitions);
  fs::create_directory(scratch / "empty");
  make_image(scratch / "empty", image,
             "-pf " + quoted(scratch / "definitions") + " " + options);
}

std::string noise(std::size_t size, std::uint32_t seed) {
  std::minstd_rand random(seed + 1);
  std::string text(size, '\0');
  std::generate(text.begin(), text.end(),
                [&random] { return static_cast<char>(random() >> 8); });
  return text;
}

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace xar::test
