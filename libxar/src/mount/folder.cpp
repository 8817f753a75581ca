// SPDX-License-Identifier: BSD-2-Clause
#include "mount/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::mount {
namespace {

constexpr mode_t kFolderMode = 0755;

void require_own(int fd, mode_t type, mode_t permissions,
                 const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) base::throw_errno("cannot examine", path);
  if (status.st_uid != ::geteuid()) {
    throw base::Error("cannot use", path,
                      "it belongs to another user: remove it, or have root remove it");
  }
  if ((status.st_mode & S_IFMT) != type || (status.st_mode & 07777) != permissions) {
    throw base::Error("cannot use", path,
                      type == S_IFDIR
                          ? "expected a directory of mode 0755: chmod or remove it"
                          : "expected a file of mode 0600: remove it");
  }
}

bool is_removed(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && status.st_nlink == 0;
}

}  // namespace

std::optional<UserFolder> UserFolder::open(const Place& place) {
  base::Fd fd(
      ::open(place.user_folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    base::throw_errno("cannot open", place.user_folder);
  }
  require_own(fd.get(), S_IFDIR, kFolderMode, place.user_folder);
  return UserFolder(std::move(fd));
}

UserFolder UserFolder::ensure(const Place& place) {
  if (::mkdir(place.user_folder.c_str(), kFolderMode) == 0) {
    // The caller's umask may have taken bits away, and nobody else can have put
    // another folder here: the root is sticky.
    if (::chmod(place.user_folder.c_str(), kFolderMode) != 0) {
      base::throw_errno("cannot set the permissions of", place.user_folder);
    }
  } else if (errno != EEXIST) {
    base::throw_errno("cannot create", place.user_folder);
  }
  auto folder = open(place);
  if (!folder) throw base::SystemError(ENOENT, "cannot open", place.user_folder);
  return std::move(*folder);
}

void UserFolder::ensure_mount_point(const Place& place) const {
  if (::mkdirat(fd_.get(), place.name.c_str(), kFolderMode) == 0) {
    ::fchmodat(fd_.get(), place.name.c_str(), kFolderMode, 0);
  } else if (errno != EEXIST) {
    base::throw_errno("cannot create", place.directory());
  }
  const base::Fd point(::openat(fd_.get(), place.name.c_str(),
                                O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!point) base::throw_errno("cannot open", place.directory());
  require_own(point.get(), S_IFDIR, kFolderMode, place.directory());
}

Lock::Lock(const UserFolder& folder, const Place& place) {
  const std::filesystem::path path = place.user_folder / place.lock_name();
  do {
    fd_ = base::above_standard_streams(
        base::Fd(::openat(folder.fd(), place.lock_name().c_str(),
                          O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)));
    if (!fd_) base::throw_errno("cannot open the lock file", path);
    require_own(fd_.get(), S_IFREG, 0600, path);
    while (::flock(fd_.get(), LOCK_EX) != 0) {
      if (errno != EINTR) base::throw_errno("cannot lock", path);
    }
    // Who cleans up may have removed the file meanwhile: then it locks nothing.
  } while (is_removed(fd_.get()));
}

void touch_lock(const UserFolder& folder, const Place& place) {
  ::utimensat(folder.fd(), place.lock_name().c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

}  // namespace xar::mount
