// SPDX-License-Identifier: BSD-2-Clause
#include "support/xattrs.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"

namespace xar::test {
namespace {

namespace fs = std::filesystem;

std::size_t checked(ssize_t result, const fs::path& path) {
  if (result < 0) throw std::runtime_error("xattrs of " + path.native());
  return static_cast<std::size_t>(result);
}

std::string value_of(const fs::path& path, const char* name) {
  std::string value(checked(::lgetxattr(path.c_str(), name, nullptr, 0), path), '\0');
  checked(::lgetxattr(path.c_str(), name, value.data(), value.size()), path);
  return value;
}

std::string random_bytes(std::size_t size, std::mt19937_64& random) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

// In the form that the kernel takes: revision 2, permitted and inheritable in two words.
std::string random_capabilities(std::mt19937_64& random) {
  std::string value(20, '\0');
  value[3] = 2;
  for (const std::size_t at : {4u, 5u, 8u}) value[at] = static_cast<char>(random());
  return value;
}

Xattrs random_xattrs(const fs::file_type type, std::mt19937_64& random) {
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  // Few names, values that come twice and others that come once.
  Xattrs xattrs = {{"trusted.kind", std::to_string(below(3))}};
  const bool is_file = type == fs::file_type::regular;
  if (is_file && below(2) == 0) {
    xattrs["security.capability"] = random_capabilities(random);
  }
  if (!is_file && type != fs::file_type::directory) return xattrs;
  for (std::size_t count = below(4); count > 0; --count) {
    xattrs["user.name" + std::to_string(below(9))] = random_bytes(below(300), random);
  }
  return xattrs;
}

}  // namespace

Xattrs xattrs_of(const fs::path& path) {
  const ssize_t size = ::llistxattr(path.c_str(), nullptr, 0);
  if (size < 0 && errno == ENOTSUP) return {};
  std::string names(checked(size, path), '\0');
  checked(::llistxattr(path.c_str(), names.data(), names.size()), path);
  Xattrs xattrs;
  for (std::size_t at = 0; at < names.size(); at = names.find('\0', at) + 1) {
    const char* name = names.c_str() + at;
    xattrs[name] = value_of(path, name);
  }
  return xattrs;
}

void set_xattrs(const fs::path& path, const Xattrs& xattrs) {
  for (const auto& [name, value] : xattrs) {
    checked(::lsetxattr(path.c_str(), name.c_str(), value.data(), value.size(), 0), path);
  }
}

void make_xattr_tree(const fs::path& root) {
  fs::create_directory(root);
  for (const char* name : {"none", "one", "same", "many", "largest", "largest-too"}) {
    write_file(root / name, name);
  }
  set_xattrs(root / "one", {{"user.mime_type", "text/plain"}});
  set_xattrs(root / "same", {{"user.mime_type", "text/plain"}});
  Xattrs many = {{"user.empty", ""}, {"trusted.binary", std::string("\0\xff\n\0", 4)}};
  for (int i = 0; i < 30; ++i) many["user.number " + std::to_string(i)] = noise(100, 1);
  set_xattrs(root / "many", many);
  // Large ones that are the same are stored once.
  const std::string large = noise(3500, 9);
  set_xattrs(root / "largest", {{"user.large", large}, {"user.a", "1"}});
  set_xattrs(root / "largest-too", {{"user.large", large}, {"user.b", "2"}});

  const Xattrs special = {{"trusted.kind", "special"}, {"security.other", "label"}};
  ::mkfifo((root / "fifo").c_str(), 0600);
  ::mknod((root / "socket").c_str(), S_IFSOCK | 0600, 0);
  ::mknod((root / "device").c_str(), S_IFCHR | 0600, makedev(1, 3));
  fs::create_symlink("target", root / "symlink");
  fs::create_directory(root / "directory");
  for (const char* name : {"fifo", "socket", "device", "symlink", "directory"}) {
    set_xattrs(root / name, special);
  }
  set_xattrs(root, {{"user.root", "yes"}});
}

void add_random_xattrs(const fs::path& root, std::mt19937_64& random) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const fs::path& path : paths) {
    if (random() % 3 != 0) continue;
    set_xattrs(path, random_xattrs(fs::symlink_status(path).type(), random));
  }
}

std::vector<std::string> compare_xattrs(const fs::path& expected,
                                        const fs::path& actual) {
  std::vector<std::string> differing;
  for (const auto& entry : fs::recursive_directory_iterator(expected)) {
    const fs::path name = entry.path().lexically_relative(expected);
    if (xattrs_of(entry.path()) != xattrs_of(actual / name)) differing.push_back(name);
  }
  return differing;
}

}  // namespace xar::test
