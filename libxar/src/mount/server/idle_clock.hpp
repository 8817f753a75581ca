// SPDX-License-Identifier: BSD-2-Clause
// Since when a mount has not been used.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "mount/server/server.hpp"
#include "xar/fuse.hpp"

namespace xar::mount {

// Tells when nobody has used a mount for the time-out. A use is a launch, a request to
// the server, or a process that has something of the mount open. What monitors of disks
// ask for, the size of the file system, is none.
class IdleClock {
 public:
  // Borrows all; `device` is the number of the mounted file system.
  IdleClock(const ServeOptions& options, std::uint64_t device,
            const fuse::Activity& activity);

  // How often tick() is to be called: a part of the time-out, so that a mount goes at
  // most that part later than the time-out says.
  [[nodiscard]] std::chrono::milliseconds interval() const;

  // Looks for uses since the last call. Whether the time-out has passed without one.
  bool tick();

  // Says that the mount is in use now.
  void note_use() { was_used_ = true; }

 private:
  [[nodiscard]] bool has_been_used();
  [[nodiscard]] bool is_held_open();

  const ServeOptions& options_;
  const std::uint64_t device_;
  const fuse::Activity& activity_;
  const unsigned parts_;
  unsigned quiet_parts_ = 0;
  bool was_used_ = true;
  bool kernel_tells_ = true;
  std::uint64_t requests_before_ = 0;
  std::int64_t launch_before_ = 0;
};

}  // namespace xar::mount
