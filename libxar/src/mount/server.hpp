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

#include "mount/claim.hpp"
#include "mount/folder.hpp"
#include "mount/handover.hpp"
#include "xar/base/fd.hpp"
#include "xar/fuse.hpp"
#include "xar/image.hpp"

namespace xar::mount {

// A place among those that launches look at, from the server's side: its lock file says
// that the server is alive, and both go when the server does.
class Seat {
 public:
  // Borrows the folder, in which the directory to mount on is. `identity` is the
  // archive's that is to be mounted.
  Seat(const UserFolder& folder, const Place& place, const std::string& identity);

  // What the server needs of the launcher's descriptors.
  [[nodiscard]] std::vector<int> needed_fds() const {
    return {folder_.fd(), lock_.fd(), directory_.get()};
  }

  // Says that the file system `device` at the place is the archive's; 0: that none is
  // yet.
  void claim(std::uint64_t device) const;
  // From now on the calling process is the server. Throws base::Error if another is.
  void take() const;
  // Whether somebody has been given the path of the mount of file system `device`.
  [[nodiscard]] bool is_path_given(std::uint64_t device) const {
    return mount::is_path_given(lock_.fd(), device);
  }
  [[nodiscard]] std::filesystem::path lock_file() const {
    return place_.user_folder / place_.lock_name();
  }
  // When the latest launch was, in nanoseconds of the system's clock: each touches the
  // lock file.
  [[nodiscard]] std::int64_t latest_launch() const;
  // Says that the mount is gone; who wants one makes another.
  void give_up() const { lock_.give_up(); }
  // Gives up, and removes what is at the place, unless somebody is about to use it.
  void clear() const;

 private:
  const UserFolder& folder_;
  const Place& place_;
  const std::string identity_;
  ServerLock lock_;
  // The directory below the mount, with a lock that servers share: who removes
  // directories needs it alone, because in another mount namespace there is nothing to
  // see of the mount, and removing its directory would end it.
  base::Fd directory_;
};

// Asks a server to let no later launch use its mount, and to take it away when its last
// user is done. One of a mount that launches do not share takes it away at once, as
// servers of earlier versions do.
constexpr int kLeaveWhenUnused = SIGHUP;

// What a server is told.
struct Duty {
  std::filesystem::path archive;
  int file = -1;                // the same, open
  std::filesystem::path point;  // where its file system is mounted
  std::uint32_t timeout = 0;    // idle seconds; 0: never idle
  fuse::Options options;
  const Seat* seat = nullptr;  // if the mount is at a place for launches
  bool own_namespace = false;  // whether launches enter the server's mount namespace
  bool has_seed = false;       // whether the caller's word is in the mount's name
};

// The main function of a server's process: prepares to serve `image`, has `mount` say
// what its mount is, and serves that until it is gone. Nothing, or an exception, from
// `mount` ends it. Asked by SIGTERM or SIGINT, it takes the mount away and goes on
// serving those who still use it; asked by kLeaveWhenUnused, it first waits until nobody
// does. Returns the exit status.
int serve_until_unused(image::Image& image, const Duty& duty,
                       const std::function<std::optional<Attached>()>& mount);

}  // namespace xar::mount
