// SPDX-License-Identifier: BSD-2-Clause
// The life of a server process: it serves one mount, takes it away when it has
// been idle, and leaves when the kernel says that nobody is left.
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
  // Borrows the folder, in which the directory to mount on is. `identity` is the
  // archive's that is to be mounted.
  SlotLease(const UserFolder& folder, const MountSlot& slot, const std::string& identity);

  // What the server needs of the launcher's descriptors.
  [[nodiscard]] std::vector<int> needed_fds() const {
    return {folder_.fd(), lock_.fd(), directory_.get()};
  }

  // Records that the file system `device` is the archive's; 0: that none is yet.
  void record_device(std::uint64_t device) const;
  // Makes the calling process the holder. Throws base::Error if another is.
  void acquire() const;
  // Whether somebody has been given the path of the mount of file system `device`.
  [[nodiscard]] bool is_path_given(std::uint64_t device) const {
    return mount::is_path_given(lock_.fd(), device);
  }
  [[nodiscard]] std::filesystem::path lock_file() const {
    return slot_.user_folder / slot_.lock_name();
  }
  // When the latest launch was, in nanoseconds of the system's clock: each touches the
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
  // The directory below the mount, with a lock that servers share: who removes
  // directories needs it alone, because in another mount namespace there is nothing to
  // see of the mount, and removing its directory would end it.
  base::Fd directory_;
};

// Asks a server to let no later launch use its mount, and to take it away when its last
// user is done. One of a mount that launches do not share takes it away at once, as
// servers of earlier versions do.
constexpr int kLeaveWhenUnused = SIGHUP;

// The main function of a server's process: prepares to serve `image`, has `mount` say
// what its mount is, and serves that until it is gone. Nothing, or an exception, from
// `mount` ends it. Asked by SIGTERM or SIGINT, it takes the mount away and goes on
// serving those who still use it; asked by kLeaveWhenUnused, it first waits until nobody
// does. Returns the exit status.
int serve_until_unused(image::Image& image, const ServeOptions& options,
                       const std::function<std::optional<Attached>()>& mount);

}  // namespace xar::mount
