// SPDX-License-Identifier: BSD-2-Clause
#include "mount/place/user_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::mount {
namespace {

constexpr mode_t kPointMode = 0755;
constexpr mode_t kLockMode = 0600;

std::string octal(mode_t mode) {
  return {'0', static_cast<char>('0' + (mode >> 6 & 7)),
          static_cast<char>('0' + (mode >> 3 & 7)), static_cast<char>('0' + (mode & 7))};
}

void require_own(int fd, mode_t type, mode_t permissions,
                 const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) base::throw_errno("cannot examine", path);
  if (status.st_uid != ::geteuid()) {
    throw base::Error("cannot use", path,
                      "it belongs to another user: remove it, or have root remove it");
  }
  if ((status.st_mode & S_IFMT) != type || (status.st_mode & 07777) != permissions) {
    const std::string mode = octal(permissions);
    throw base::Error(
        "cannot use", path,
        type == S_IFDIR ? "expected a directory of mode " + mode + ": chmod or remove it"
                        : "expected a file of mode " + mode + ": remove it");
  }
}

base::Fd open_lock_file(const UserFolder& folder, const MountSlot& slot) {
  const std::filesystem::path path = slot.user_folder / slot.lock_name();
  base::Fd fd = folder.open_file(slot.lock_name(), O_RDWR | O_CREAT, kLockMode);
  if (!fd) base::throw_errno("cannot open the lock file", path);
  require_own(fd.get(), S_IFREG, kLockMode, path);
  return fd;
}

// Mounting takes milliseconds; who is in the middle of it may have been stopped.
void wait_for_lock(int fd, const std::filesystem::path& path) {
  constexpr auto kPause = std::chrono::milliseconds(1);
  constexpr int kPauses = 30'000;
  for (int i = 0; ::flock(fd, LOCK_EX | LOCK_NB) != 0; ++i) {
    if (errno != EWOULDBLOCK && errno != EINTR) base::throw_errno("cannot lock", path);
    if (i == kPauses) {
      throw base::Error("waited in vain for", path,
                        "a process that mounts the same archive does not go on: end it");
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

bool is_named(int fd, int folder, const std::string& name) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 &&
         ::fstatat(folder, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

std::optional<UserFolder> UserFolder::open(const MountSlot& slot) {
  base::Fd fd(
      ::open(slot.user_folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    base::throw_errno("cannot open", slot.user_folder);
  }
  fd = base::above_standard_streams(std::move(fd));
  require_own(fd.get(), S_IFDIR, slot.folder_mode, slot.user_folder);
  return UserFolder(std::move(fd));
}

UserFolder UserFolder::ensure(const MountSlot& slot) {
  if (::mkdir(slot.user_folder.c_str(), slot.folder_mode) == 0) {
    // The caller's umask may have taken bits away, and nobody else can have put
    // another folder here: the root is sticky.
    if (::chmod(slot.user_folder.c_str(), slot.folder_mode) != 0) {
      base::throw_errno("cannot set the permissions of", slot.user_folder);
    }
  } else if (errno != EEXIST) {
    base::throw_errno("cannot create", slot.user_folder);
  }
  auto folder = open(slot);
  if (!folder) throw base::SystemError(ENOENT, "cannot open", slot.user_folder);
  return std::move(*folder);
}

base::Fd UserFolder::open_file(const std::string& name, int flags, mode_t mode) const {
  return base::above_standard_streams(base::Fd(::openat(
      fd_.get(), name.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode)));
}

base::Fd UserFolder::open_directory(const std::string& name) const {
  return open_file(name, O_PATH | O_DIRECTORY);
}

base::Fd UserFolder::ensure_mount_point(const MountSlot& slot) const {
  if (::mkdirat(fd_.get(), slot.name.c_str(), kPointMode) == 0) {
    ::fchmodat(fd_.get(), slot.name.c_str(), kPointMode, 0);
  } else if (errno != EEXIST) {
    base::throw_errno("cannot create", slot.directory());
  }
  base::Fd point = open_directory(slot.name);
  if (!point) base::throw_errno("cannot open", slot.directory());
  require_own(point.get(), S_IFDIR, kPointMode, slot.directory());
  return point;
}

void UserFolder::remove(const MountSlot& slot) const {
  const int result = ::unlinkat(fd_.get(), slot.name.c_str(), AT_REMOVEDIR);
  if (result == 0 || errno != EBUSY) {
    ::unlinkat(fd_.get(), slot.lock_name().c_str(), 0);
  }
}

Lock::Lock(const UserFolder& folder, const MountSlot& slot) {
  do {
    fd_ = open_lock_file(folder, slot);
    wait_for_lock(fd_.get(), slot.user_folder / slot.lock_name());
  } while (!is_named(fd_.get(), folder.fd(), slot.lock_name()));
}

void Lock::renew(const UserFolder& folder, const MountSlot& slot) {
  // Nobody but the holder of the lock creates one, who waits is told by is_named().
  ::unlinkat(folder.fd(), slot.lock_name().c_str(), 0);
  *this = Lock(folder, slot);
}

bool Lock::try_to_take(int fd, const UserFolder& folder, const MountSlot& slot) {
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 &&
         is_named(fd, folder.fd(), slot.lock_name());
}

}  // namespace xar::mount
