// SPDX-License-Identifier: BSD-2-Clause
// The user's own folder below a mount root, in a directory where anyone may
// create things: it is looked at and entered by descriptor, never by name twice.
#pragma once

#include <optional>
#include <string>

#include "xar/base/fd.hpp"
#include "xar/mount.hpp"

namespace xar::mount {

// The user's folder, opened and checked: a directory, not a symlink, of mode 0755
// that belongs to the effective user.
class UserFolder {
 public:
  // Nothing where it does not exist. Throws base::Error where it is not fit.
  static std::optional<UserFolder> open(const Place& place);

  // Opens it, creating it first where needed.
  static UserFolder ensure(const Place& place);

  [[nodiscard]] int fd() const { return fd_.get(); }

  // Creates the directory to mount on, or checks the one that is there.
  void ensure_mount_point(const Place& place) const;

 private:
  explicit UserFolder(base::Fd fd) : fd_(std::move(fd)) {}
  base::Fd fd_;
};

// Held while a mount is made: one process at a time for one place.
class Lock {
 public:
  // Waits for the lock. Throws base::SystemError.
  Lock(const UserFolder& folder, const Place& place);

 private:
  base::Fd fd_;
};

// Sets the lock file's time, which tells who cleans up when the mount was last
// used. A missing file is no fault.
void touch_lock(const UserFolder& folder, const Place& place);

}  // namespace xar::mount
