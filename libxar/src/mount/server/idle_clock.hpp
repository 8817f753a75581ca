// SPDX-License-Identifier: BSD-2-Clause
// Finds out when a mount has been idle for its time-out.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "mount/server/server.hpp"
#include "xar/fuse.hpp"

namespace xar::mount {

// A mount is used by a launch, a request to the server, or a process that has something
// of the mount open. Asking for the size of the file system, as disk monitors do, is no
// use.
class IdleClock {
 public:
  // Borrows all; `device` is the number of the mounted file system.
  IdleClock(const ServeOptions& options, std::uint64_t device,
            const fuse::Activity& activity);

  // The interval at which tick() must be called: a fraction of the time-out, by which the
  // mount may stay longer.
  [[nodiscard]] std::chrono::milliseconds interval() const;

  // Looks for uses since the last call. Returns whether the time-out has passed without
  // one.
  bool tick();

  // Counts as a use now.
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
