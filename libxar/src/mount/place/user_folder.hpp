// SPDX-License-Identifier: BSD-2-Clause
// The user's own folder below a mount root, in a directory where anyone may
// create things: it is looked at and entered by descriptor, never by name twice.
#pragma once

#include <optional>
#include <string>

#include "xar/base/fd.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {

// The user's folder, opened and checked: a directory, not a symlink, of the slot's
// mode, that belongs to the effective user.
class UserFolder {
 public:
  // Nothing where it does not exist. Throws base::Error where it is not fit.
  static std::optional<UserFolder> open(const MountSlot& slot);

  // Opens it, creating it first where needed.
  static UserFolder ensure(const MountSlot& slot);

  [[nodiscard]] int fd() const { return fd_.get(); }

  // Opens what is called `name` in it, if it is there and no symlink; errno says why
  // not. Close-on-exec, above the standard streams.
  [[nodiscard]] base::Fd open_file(const std::string& name, int flags,
                                   mode_t mode = 0) const;
  [[nodiscard]] base::Fd open_directory(const std::string& name) const;

  // Creates the directory to mount on, or checks the one that is there. The result is
  // open, so that it can be mounted on whatever happens to its name.
  [[nodiscard]] base::Fd ensure_mount_point(const MountSlot& slot) const;

  // Removes the directory that was mounted on and its lock file, which the caller has
  // locked. What is still in use stays.
  void remove(const MountSlot& slot) const;

 private:
  explicit UserFolder(base::Fd fd) : fd_(std::move(fd)) {}
  base::Fd fd_;
};

// Whether `fd` is what `folder` calls `name` now: a file that was locked may have been
// removed by who held the lock before.
bool is_named(int fd, int folder, const std::string& name);

// Held while a mount is made: one process at a time for one slot.
class Lock {
 public:
  // Waits for the lock. Throws base::Error.
  Lock(const UserFolder& folder, const MountSlot& slot);

  // The lock file, open for reading and writing.
  [[nodiscard]] int fd() const { return fd_.get(); }

  // Puts a fresh file, locked as well, in the slot of one that a server that cannot be
  // got rid of still holds.
  void renew(const UserFolder& folder, const MountSlot& slot);

  // The lock of a file that is open, if it is free and the file has not been removed.
  static bool try_to_take(int fd, const UserFolder& folder, const MountSlot& slot);

 private:
  base::Fd fd_;
};

}  // namespace xar::mount
