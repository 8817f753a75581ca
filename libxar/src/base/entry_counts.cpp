// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/entry_counts.hpp"

#include <sys/stat.h>

namespace xar::base {
namespace {

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

void EntryCounts::add(mode_t mode) noexcept {
  if (S_ISREG(mode)) {
    ++files;
  } else if (S_ISDIR(mode)) {
    ++directories;
  } else if (S_ISLNK(mode)) {
    ++symlinks;
  } else {
    ++others;
  }
}

std::string shown(const EntryCounts& counts) {
  std::string text = counted(counts.files, "file", "files");
  if (counts.directories > 0) {
    text += ", " + counted(counts.directories, "directory", "directories");
  }
  if (counts.symlinks > 0) {
    text += ", " + counted(counts.symlinks, "symlink", "symlinks");
  }
  if (counts.others > 0) text += ", " + std::to_string(counts.others) + " of other types";
  return text;
}

}  // namespace xar::base
