// SPDX-License-Identifier: BSD-2-Clause
// The server process: serves one mount, unmounts it when it has been idle, and ends when
// the kernel reports that the last user is gone.
#pragma once

#include <signal.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mount/place/lock_file.hpp"
#include "mount/place/user_folder.hpp"
#include "mount/server/handover.hpp"
#include "mount/server/serve_options.hpp"
#include "xar/base/fd.hpp"
#include "xar/fuse.hpp"
#include "xar/image.hpp"

namespace xar::mount {

// A server's hold on a slot that launches look at: the lock file says that the server is
// alive, and is removed when the server ends.
class SlotLease {
 public:
  // Borrows `folder` and `slot`; the directory to mount on must exist. `identity` is that
  // of the archive to be mounted.
  SlotLease(const UserFolder& folder, const MountSlot& slot, const std::string& identity);

  // The descriptors of the launcher that the server needs.
  [[nodiscard]] std::vector<int> needed_fds() const {
    return {folder_.fd(), lock_.fd(), directory_.get()};
  }

  // Records that the file system `device` is the archive's; 0: that none is yet.
  void record_device(std::uint64_t device) const;
  // Makes the calling process the holder. Throws base::Error if another is.
  void acquire() const;
  // Whether note_path_given() was called for the mount of the file system `device`.
  [[nodiscard]] bool is_path_given(std::uint64_t device) const {
    return mount::is_path_given(lock_.fd(), device);
  }
  [[nodiscard]] std::filesystem::path lock_file() const {
    return slot_.user_folder / slot_.lock_name();
  }
  // The time of the latest launch, in nanoseconds since 1970. Each launch touches the
  // lock file.
  [[nodiscard]] std::int64_t latest_launch() const;
  // From here on, launches make another mount.
  void release() const { lock_.release(); }
  // Releases the slot, and removes its directory and lock file unless a launch is about
  // to use them.
  void release_and_remove() const;

 private:
  const UserFolder& folder_;
  const MountSlot& slot_;
  const std::string identity_;
  LeaseLock lock_;
  // The directory below the mount, with a shared lock. Removing a directory requires the
  // exclusive lock: other mount namespaces do not show the mount, and removing its
  // directory would end it.
  base::Fd directory_;
};

// Asks a server to let no later launch use its mount, and to unmount when the last user
// is done. A server whose mount launches do not use unmounts at once, and so do servers
// of earlier versions.
constexpr int kLeaveWhenUnused = SIGHUP;

// The main function of a server process. Prepares to serve `image`, calls `mount`, and
// serves the mount that it returns until that is gone. Ends at once if `mount` returns
// nothing or throws. On SIGTERM or SIGINT, unmounts and continues to serve present users;
// on kLeaveWhenUnused, waits for the last user before it unmounts. Returns the exit
// status.
int serve_until_unused(image::Image& image, const ServeOptions& options,
                       const std::function<std::optional<Attached>()>& mount);

}  // namespace xar::mount
