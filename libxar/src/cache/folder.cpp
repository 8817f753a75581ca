// SPDX-License-Identifier: BSD-2-Clause
#include "cache/folder.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::cache {
namespace {

namespace fs = std::filesystem;

// Also where some directory keeps its owner from emptying it.
void remove_tree(const fs::path& path) {
  std::error_code failed;
  fs::remove_all(path, failed);
  if (!failed) return;
  std::error_code ignored;
  ::chmod(path.c_str(), 0700);
  for (fs::recursive_directory_iterator at(path, ignored), end; at != end;) {
    if (at->symlink_status(ignored).type() == fs::file_type::directory) {
      ::chmod(at->path().c_str(), 0700);
    }
    at.increment(ignored);
    if (ignored) break;
  }
  fs::remove_all(path, ignored);
}

}  // namespace

std::optional<Folder> Folder::open(const fs::path& path) {
  base::Fd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    base::throw_errno("cannot open", path);
  }
  fd = base::above_standard_streams(std::move(fd));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) base::throw_errno("cannot examine", path);
  constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;
  if (status.st_uid != ::geteuid() || (status.st_mode & kWritableByOthers) != 0) {
    throw base::Error("cannot use", path,
                      "it is another user's or others can write in it: set "
                      "XDG_CACHE_HOME to a directory of your own");
  }
  return Folder(path, std::move(fd));
}

Folder Folder::ensure(const fs::path& path) {
  for (const fs::path& part : {path.parent_path(), path}) {
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      base::throw_errno("cannot create", part);
    }
  }
  auto folder = open(path);
  if (!folder) throw base::SystemError(ENOENT, "cannot open", path);
  return std::move(*folder);
}

base::Fd Folder::open_own(const std::string& name, int flags, mode_t mode) const {
  base::Fd fd(::openat(fd_.get(), name.c_str(),
                       flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return base::Fd();
  if (status.st_uid != ::geteuid()) {
    errno = EPERM;
    return base::Fd();
  }
  return base::above_standard_streams(std::move(fd));
}

bool Folder::is_named(int fd, const std::string& name) const {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 &&
         ::fstatat(fd_.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

// Returns the new name, empty if there is nothing to hide.
std::string Folder::hide(const std::string& name) const {
  std::string hidden = "." + name + ".old-" + std::to_string(::getpid());
  const bool done = ::renameat(fd_.get(), name.c_str(), fd_.get(), hidden.c_str()) == 0;
  return done ? hidden : std::string();
}

bool Folder::is_locked(const std::string& name) const {
  const base::Fd fd = open_own(name, O_RDONLY);
  return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void Folder::discard(const std::string& name) const {
  const std::string hidden = hide(name);
  if (!hidden.empty()) remove_tree(path_ / hidden);
}

void Folder::retire(const std::string& name) const {
  const std::string hidden = hide(name);
  if (!hidden.empty() && !is_locked(hidden)) remove_tree(path_ / hidden);
}

void Folder::discard_unfinished(const std::string& name) const {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    if (entry.path().filename().native().starts_with("." + name + ".")) {
      found.push_back(entry.path());
    }
  }
  for (const fs::path& path : found) {
    if (!is_locked(path.filename())) remove_tree(path);
  }
}

}  // namespace xar::cache
