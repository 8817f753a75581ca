// SPDX-License-Identifier: BSD-2-Clause
// The user's folder below a mount root, where anyone may create files. It is checked and
// used through a descriptor, never by name twice.
#pragma once

#include <optional>
#include <string>

#include "xar/base/fd.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {

// An open user folder: a directory and no symlink, which belongs to the effective user
// and has the slot's mode.
class UserFolder {
 public:
  // Returns nothing if it does not exist. Throws base::Error if it is unsafe.
  static std::optional<UserFolder> open(const MountSlot& slot);

  // Opens the folder, and creates it if it does not exist. Throws base::Error.
  static UserFolder ensure(const MountSlot& slot);

  [[nodiscard]] int fd() const { return fd_.get(); }

  // Opens the file `name` in it, unless it is a symlink. Close-on-exec, no standard
  // stream. Empty on failure; errno says why.
  [[nodiscard]] base::Fd open_file(const std::string& name, int flags,
                                   mode_t mode = 0) const;
  [[nodiscard]] base::Fd open_directory(const std::string& name) const;

  // Creates the directory to mount on, or checks the existing one. Returns it open, so
  // that it can be mounted on even if its name changes. Throws base::Error.
  [[nodiscard]] base::Fd ensure_mount_point(const MountSlot& slot) const;

  // Removes the directory to mount on and its lock file, which the caller has locked.
  // Leaves what is in use.
  void remove(const MountSlot& slot) const;

 private:
  explicit UserFolder(base::Fd fd) : fd_(std::move(fd)) {}
  base::Fd fd_;
};

// Whether `name` in `folder` is still the file that is open as `fd`. The previous holder
// of a lock may have removed the file.
bool is_named(int fd, int folder, const std::string& name);

// The lock of a slot, which a process holds while it makes the mount.
class Lock {
 public:
  // Waits for the lock. Throws base::Error.
  Lock(const UserFolder& folder, const MountSlot& slot);

  // The lock file, open for reading and writing.
  [[nodiscard]] int fd() const { return fd_.get(); }

  // Replaces the lock file by a new one, locked as well, because a server that cannot be
  // ended still holds the old one.
  void renew(const UserFolder& folder, const MountSlot& slot);

  // Locks the open file `fd`. Returns whether it was free and has not been removed.
  static bool try_to_take(int fd, const UserFolder& folder, const MountSlot& slot);

 private:
  base::Fd fd_;
};

}  // namespace xar::mount
