// SPDX-License-Identifier: BSD-2-Clause
// The lock file beside a mount. Its content says which archive is mounted. The server
// holds a record lock on it as long as the mount is its own. The kernel releases that
// lock when the process ends, and names its holder, so no process number in a file is
// ever trusted.
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
  std::uint64_t device = 0;     // of the mounted file system, see device_at()
  std::optional<pid_t> server;  // the holder of the lock, if any

  // Whether the mount is of `archive` and its server runs.
  [[nodiscard]] bool is_of(const Archive& archive) const {
    return server && identity == archive.identity;
  }
};

// Reads the lock file of `slot`, and updates its last-use time. Returns nothing if the
// file does not exist or is empty.
std::optional<LockFileContent> read_lock_file(const UserFolder& folder,
                                              const MountSlot& slot);

// Parses any text as the content of a lock file whose lock the process `server` holds.
// Returns nothing if it is malformed.
std::optional<LockFileContent> parse_lock_file(std::string_view text,
                                               std::optional<pid_t> server);

// Returns the process that holds the server's lock on `fd`, an open lock file. Zero: a
// process in a PID namespace that is not visible here.
std::optional<pid_t> server_of(int fd);

// Whether note_path_given() was called for the mount of the file system `device`, whose
// lock file is open as `fd`.
bool is_path_given(int fd, std::uint64_t device);

// The server's side of a lock file.
class LeaseLock {
 public:
  // Opens the file, without acquiring the lock.
  LeaseLock(const UserFolder& folder, const MountSlot& slot);

  [[nodiscard]] int fd() const { return fd_.get(); }

  // Acquires the lock for the calling process, whose children do not inherit it. Returns
  // whether it was free.
  [[nodiscard]] bool try_acquire() const;
  void release() const;

 private:
  base::Fd fd_;
};

// Writes the content for read_lock_file(). Throws base::SystemError.
void write_lock_file(int lock_file, const LockFileContent& content);

}  // namespace xar::mount
