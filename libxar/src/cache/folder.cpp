// SPDX-License-Identifier: BSD-2-Clause
#include "cache/folder.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/ownership.hpp"
#include "xar/base/remove_tree.hpp"

namespace xar::cache {
namespace {

namespace fs = std::filesystem;

void require_safe_parent(const Location& location) {
  const fs::path parent = location.folder.parent_path();
  if (!location.folder.is_absolute()) {
    throw base::Error(base::Errc::kUnsafe, "cannot use", location.folder,
                      "it is no absolute path");
  }
  if (!location.shared) {
    if (base::may_keep_files_at(parent)) return;
    throw base::Error(base::Errc::kUnsafe, "cannot use", parent,
                      "it belongs to another user");
  }
  if (base::is_safe_shared_directory(parent)) return;
  if (::access(parent.c_str(), F_OK) != 0) base::throw_errno("cannot use", parent);
  throw base::Error(base::Errc::kUnsafe, "cannot use", parent,
                    "other users can rename what is in it");
}

// Empty where there is no such directory.
base::Fd open_private(const fs::path& path) {
  base::Fd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return fd;
    base::throw_errno("cannot open", path);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) base::throw_errno("cannot examine", path);
  constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;
  if (status.st_uid != ::geteuid() || (status.st_mode & kWritableByOthers) != 0) {
    throw base::Error(base::Errc::kUnsafe, "cannot use", path,
                      "it is another user's or others can write in it: set "
                      "XDG_CACHE_HOME to a directory of your own");
  }
  return fd;
}

// The directory `path` if it is one that Location::shared describes.
base::Fd open_if_own(const fs::path& path) {
  base::Fd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || status.st_uid != ::geteuid() ||
      (status.st_mode & 07777) != 0700) {
    return base::Fd();
  }
  return fd;
}

// The paths beside `path` whose names begin with the name of `path` and "-".
std::vector<fs::path> names_with_suffix(const fs::path& path) {
  // Another user may have filled the directory.
  constexpr std::size_t kEntriesAtMost = 100'000;
  const fs::path folder = path.parent_path();
  const std::string prefix = path.filename().native() + '-';
  std::vector<fs::path> found;
  const auto add = [&](std::string_view name) {
    if (name.starts_with(prefix)) found.push_back(folder / name);
  };
  base::for_each_name(folder, add, kEntriesAtMost);
  return found;
}

// The directory `path`, or else the first of those with a suffix. `path` becomes the name
// of what is opened.
base::Fd open_shared(fs::path& path) {
  base::Fd fd = open_if_own(path);
  struct stat status {};
  if (fd || ::lstat(path.c_str(), &status) != 0) return fd;
  fs::path first;
  for (const fs::path& candidate : names_with_suffix(path)) {
    if (!first.empty() && first.native() < candidate.native()) continue;
    if (open_if_own(candidate)) first = candidate;
  }
  if (first.empty()) return fd;
  path = first;
  return open_if_own(path);
}

// The caller's umask may take permissions away; nobody else can replace what has just
// been made in a directory that is safe.
void make_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    ::chmod(path.c_str(), 0700);
  } else if (errno != EEXIST) {
    base::throw_errno("cannot create", path);
  }
}

void make_directory_with_suffix(const fs::path& path) {
  std::string name = path.native() + "-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) base::throw_errno("cannot create", name);
  ::chmod(name.c_str(), 0700);
}

}  // namespace

std::optional<Folder> Folder::open(const Location& location) {
  require_safe_parent(location);
  base::Fd fd;
  fs::path path = location.folder;
  if (location.shared) {
    fd = open_shared(path);
  } else {
    fd = open_private(path);
  }
  if (!fd) return std::nullopt;
  return Folder(std::move(path), base::above_standard_streams(std::move(fd)));
}

std::vector<Folder> Folder::open_all(const Location& location) {
  std::vector<Folder> folders;
  if (!location.shared) {
    if (auto folder = open(location)) folders.push_back(std::move(*folder));
    return folders;
  }
  require_safe_parent(location);
  std::vector<fs::path> names = names_with_suffix(location.folder);
  names.insert(names.begin(), location.folder);
  for (const fs::path& name : names) {
    base::Fd fd = open_if_own(name);
    if (fd) folders.push_back(Folder(name, base::above_standard_streams(std::move(fd))));
  }
  return folders;
}

Folder Folder::ensure(const Location& location) {
  if (auto folder = open(location)) return std::move(*folder);
  const fs::path& path = location.folder;
  if (!location.shared) make_directory(path.parent_path());
  make_directory(path);
  auto folder = open(location);
  if (!folder && location.shared) {
    make_directory_with_suffix(path);
    folder = open(location);
  }
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
  if (!hidden.empty()) base::remove_tree(path_ / hidden);
}

void Folder::retire(const std::string& name) const {
  const std::string hidden = hide(name);
  if (!hidden.empty() && !is_locked(hidden)) base::remove_tree(path_ / hidden);
}

void Folder::discard_unfinished(const std::string& name) const {
  std::vector<fs::path> found;
  base::for_each_name(path_, [&](std::string_view entry) {
    if (entry.starts_with("." + name + ".")) found.push_back(path_ / entry);
  });
  for (const fs::path& path : found) {
    if (!is_locked(path.filename())) base::remove_tree(path);
  }
}

}  // namespace xar::cache
