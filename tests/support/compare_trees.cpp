// SPDX-License-Identifier: BSD-2-Clause
#include "support/compare_trees.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>

#include "xar/base/fd.hpp"

namespace xar::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

struct stat examined(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0)
    throw std::runtime_error("cannot lstat " + path.native());
  return status;
}

// Where the first difference is, or -1. What is a hole in the expected file is
// compared with zeros in pieces, so that gigabytes of nothing take no time to read
// twice.
off_t first_difference(const fs::path& expected, const fs::path& actual, off_t size) {
  constexpr off_t kMaxPiece = 1 << 20;
  const auto piece = static_cast<std::size_t>(std::min(size, kMaxPiece));
  const base::Fd left(::open(expected.c_str(), O_RDONLY | O_CLOEXEC));
  const base::Fd right(::open(actual.c_str(), O_RDONLY | O_CLOEXEC));
  if (!left || !right) return 0;
  std::vector<char> a(piece);
  std::vector<char> b(piece);
  const std::vector<char> zeros(piece, '\0');
  for (off_t at = 0; at < size;) {
    const off_t data = ::lseek(left.get(), at, SEEK_DATA);
    const bool hole = data < 0 || data > at;
    off_t end = std::min(size, at + kMaxPiece);
    if (data > at) end = std::min(end, data);
    const auto wanted = static_cast<std::size_t>(end - at);
    if (!hole &&
        ::pread(left.get(), a.data(), wanted, at) != static_cast<ssize_t>(wanted))
      return at;
    if (::pread(right.get(), b.data(), wanted, at) != static_cast<ssize_t>(wanted))
      return at;
    const char* const reference = hole ? zeros.data() : a.data();
    if (std::memcmp(b.data(), reference, wanted) != 0) return at;
    at = end;
  }
  return -1;
}

// One comparison: the differences and hard links met so far.
class Comparison {
 public:
  Comparison(fs::path expected, fs::path actual)
      : expected_(std::move(expected)), actual_(std::move(actual)) {}

  std::vector<std::string> run() {
    compare("");
    return std::move(differences_);
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void report(const fs::path& path, const std::string& what) {
    differences_.push_back("<" + path.native() + "> " + what);
  }

  template <typename T>
  void same(const fs::path& path, const char* what, const T& expected, const T& actual) {
    if (expected == actual) return;
    report(path, std::string(what) + ": " + std::to_string(expected) + " became " +
                     std::to_string(actual));
  }

  void compare(const fs::path& path) {
    const struct stat a = examined(expected_ / path);
    const struct stat b = examined(actual_ / path);
    same(path, "mode", a.st_mode, b.st_mode);
    same(path, "mtime", a.st_mtim.tv_sec, b.st_mtim.tv_sec);
    if ((a.st_mode & S_IFMT) != (b.st_mode & S_IFMT)) return;
    if (!S_ISDIR(a.st_mode)) compare_links(path, a, b);
    switch (a.st_mode & S_IFMT) {
      case S_IFDIR:
        compare_directories(path);
        break;
      case S_IFREG:
        compare_files(path, a, b);
        break;
      case S_IFLNK:
        if (fs::read_symlink(expected_ / path) != fs::read_symlink(actual_ / path)) {
          report(path, "links elsewhere");
        }
        break;
      case S_IFBLK:
      case S_IFCHR:
        same(path, "device", a.st_rdev, b.st_rdev);
        break;
      default:
        break;
    }
  }

  void compare_files(const fs::path& path, const struct stat& a, const struct stat& b) {
    same(path, "size", a.st_size, b.st_size);
    if (a.st_size != b.st_size) return;
    const off_t at = first_difference(expected_ / path, actual_ / path, a.st_size);
    if (at >= 0) report(path, "differs at or after byte " + std::to_string(at));
  }

  void compare_links(const fs::path& path, const struct stat& a, const struct stat& b) {
    same(path, "links", a.st_nlink, b.st_nlink);
    const auto [known, is_new] =
        counterparts_.try_emplace({a.st_dev, a.st_ino}, Identity{b.st_dev, b.st_ino});
    const Identity counterpart{b.st_dev, b.st_ino};
    if (known->second != counterpart) report(path, "is a hard link of another file");
    if (is_new && !taken_.insert(counterpart).second)
      report(path, "is no hard link, but became one");
  }

  void compare_directories(const fs::path& path) {
    const auto expected = names_in(expected_ / path);
    const auto actual = names_in(actual_ / path);
    std::vector<std::string> both;
    std::set_intersection(expected.begin(), expected.end(), actual.begin(), actual.end(),
                          std::back_inserter(both));
    same(path, "entries", expected.size(), actual.size());
    same(path, "entries of the same name", expected.size(), both.size());
    for (const std::string& name : both) compare(path / name);
  }

  fs::path expected_;
  fs::path actual_;
  std::vector<std::string> differences_;
  std::map<Identity, Identity> counterparts_;
  std::set<Identity> taken_;
};

}  // namespace

std::vector<std::string> compare_trees(const fs::path& expected, const fs::path& actual) {
  return Comparison(expected, actual).run();
}

}  // namespace xar::test
