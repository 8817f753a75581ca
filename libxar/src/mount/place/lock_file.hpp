// SPDX-License-Identifier: BSD-2-Clause
// What a lock file says of the mount beside it: of which archive it is, and which
// process serves it. A server holds a record lock on the file for as long as the mount
// is its own. The kernel gives that lock back when the process ends, however it ends, and
// names its holder, so that no process number is ever trusted that a file says.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mount/place/user_folder.hpp"
#include "xar/base/fd.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {

struct LockFileContent {
  std::string identity;         // the archive's
  std::uint64_t device = 0;     // of the mounted file system, as device_at() tells
  std::optional<pid_t> server;  // nothing if none is left

  // Whether this is of `archive` and served by a living process.
  [[nodiscard]] bool is_of(const Archive& archive) const {
    return server && identity == archive.identity;
  }
};

// What the lock file of `slot` says; marks the file as used now. Nothing where there
// is no such file, or an empty one.
std::optional<LockFileContent> read_lock_file(const UserFolder& folder,
                                              const MountSlot& slot);

// What the text of a lock file says, which may be any, with the process that holds the
// server's lock. Nothing where it says nothing.
std::optional<LockFileContent> parse_lock_file(std::string_view text,
                                               std::optional<pid_t> server);

// Who holds the server's lock on `fd`, an open lock file. Zero: a process of which no
// more can be known here.
std::optional<pid_t> server_of(int fd);

// Whether note_path_given() has been called for the mount of file system `device`, whose
// lock file is open as `fd`.
bool is_path_given(int fd, std::uint64_t device);

// The server's side of a lock file.
class LeaseLock {
 public:
  // Opens the file; holds nothing yet.
  LeaseLock(const UserFolder& folder, const MountSlot& slot);

  [[nodiscard]] int fd() const { return fd_.get(); }

  // For the process that calls it; a child does not inherit it. Whether it was free.
  [[nodiscard]] bool try_acquire() const;
  void release() const;

 private:
  base::Fd fd_;
};

// Writes what read_lock_file() shall find. Throws base::SystemError.
void write_lock_file(int lock_file, const LockFileContent& content);

}  // namespace xar::mount
