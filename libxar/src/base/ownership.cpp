// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/ownership.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::base {
namespace {

namespace fs = std::filesystem;

bool has_no_number_here(uid_t user) {
  try {
    return !is_mapped(user, read_text("/proc/self/uid_map", 1 << 16));
  } catch (const SystemError&) {
    return false;
  }
}

// Whether each part of `path` that exists, symlinks themselves included, is trusted.
bool are_parts_trusted(const fs::path& path) {
  fs::path part;
  struct stat status {};
  for (const fs::path& name : path) {
    part /= name;
    if (::lstat(part.c_str(), &status) != 0) return errno == ENOENT;
    if (!is_trusted_owner(status.st_uid)) return false;
  }
  return true;
}

// The nearest existing directory at or above `path`; empty if there is none.
fs::path nearest_existing(fs::path path) {
  struct stat status {};
  while (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT || !path.has_relative_path()) return {};
    path = path.parent_path();
  }
  return path;
}

// The number that `line` begins with, after spaces, which are taken away from it.
std::optional<uid_t> take_number(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  uid_t number = 0;
  const char* end = line.data() + line.size();
  const auto parsed = std::from_chars(line.data(), end, number);
  if (parsed.ec != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(parsed.ptr - line.data()));
  return number;
}

}  // namespace

bool is_mapped(uid_t user, std::string_view uid_map) {
  while (!uid_map.empty()) {
    std::string_view line = uid_map.substr(0, uid_map.find('\n'));
    uid_map.remove_prefix(std::min(line.size() + 1, uid_map.size()));
    const auto first = take_number(line);
    const auto outside = take_number(line);
    const auto count = take_number(line);
    if (!first || !outside || !count) continue;
    if (user >= *first && user - *first < *count) return true;
  }
  return false;
}

bool is_trusted_owner(uid_t owner) {
  return owner == 0 || owner == ::geteuid() || has_no_number_here(owner);
}

bool may_keep_files_at(const fs::path& path) {
  if (!path.is_absolute()) return false;
  const fs::path there = nearest_existing(path);
  struct stat status {};
  if (::stat(there.c_str(), &status) != 0 || !is_trusted_owner(status.st_uid)) {
    return false;
  }
  if (::geteuid() != 0) return true;
  std::error_code failed;
  const fs::path real = canonical_path(there, failed);
  return !failed && are_parts_trusted(path) && are_parts_trusted(real);
}

bool is_safe_shared_directory(const fs::path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  const bool others_write = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  return (!others_write || (status.st_mode & S_ISVTX) != 0) &&
         may_keep_files_at(directory);
}

}  // namespace xar::base
