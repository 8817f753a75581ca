// SPDX-License-Identifier: BSD-2-Clause
#include "extract/staging.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "xar/base/error.hpp"
#include "xar/base/remove_tree.hpp"

namespace xar::extract {
namespace {

namespace fs = std::filesystem;

// "out/" is the user's way to write "out".
fs::path without_slash(fs::path path) {
  if (!path.has_filename()) path = path.parent_path();
  return path;
}

}  // namespace

StagingDirectory::StagingDirectory(fs::path final)
    : final_(without_slash(std::move(final))) {
  const fs::path folder = final_.has_parent_path() ? final_.parent_path() : ".";
  std::string name = folder / ("." + final_.filename().native() + ".XXXXXX");
  if (::mkdtemp(name.data()) == nullptr) {
    base::throw_errno("cannot create a directory in", folder);
  }
  temporary_ = name;
}

StagingDirectory::~StagingDirectory() {
  if (temporary_.empty()) return;
  base::remove_tree(temporary_);
}

fs::path StagingDirectory::discard() {
  constexpr std::chrono::milliseconds kPatience{200};
  fs::path left = std::exchange(temporary_, {});
  if (base::remove_tree(left, std::chrono::steady_clock::now() + kPatience)) left.clear();
  return left;
}

void StagingDirectory::commit() {
  int result = ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, final_.c_str(),
                           RENAME_NOREPLACE);
  if (result != 0 && errno == EINVAL) {
    // This file system cannot promise it; a plain rename replaces empty directories only.
    result = ::rename(temporary_.c_str(), final_.c_str());
    if (result != 0 && (errno == ENOTEMPTY || errno == ENOTDIR)) errno = EEXIST;
  }
  if (result != 0) base::throw_errno("cannot create", final_);
  temporary_.clear();
}

}  // namespace xar::extract
