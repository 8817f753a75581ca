// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/idle_clock.hpp"

#include <unistd.h>

#include <algorithm>

#include "mount/server/attach.hpp"
#include "mount/system/device.hpp"
#include "xar/mount/list.hpp"

namespace xar::mount {
namespace {

// A mount goes at most an eighth of the time-out late.
constexpr unsigned kParts = 8;

}  // namespace

IdleClock::IdleClock(const ServeOptions& options, std::uint64_t device,
                     const fuse::Activity& activity)
    : options_(options),
      device_(device),
      activity_(activity),
      parts_(std::clamp<unsigned>(options.timeout, 1, kParts)) {}

std::chrono::milliseconds IdleClock::interval() const {
  return std::chrono::milliseconds(std::uint64_t{options_.timeout} * 1000 / parts_);
}

// Parts are counted rather than seconds: while the server is stopped, or the machine
// suspended, the mount is not idle.
bool IdleClock::tick() {
  if (has_been_used() || was_used_) {
    quiet_parts_ = 0;
    was_used_ = is_held_open();
    return false;
  }
  return ++quiet_parts_ >= parts_;
}

// Whether there was a launch or a request since the last look.
bool IdleClock::has_been_used() {
  const std::uint64_t requests = activity_.requests;
  const std::int64_t launch =
      options_.lease != nullptr ? options_.lease->latest_launch() : 0;
  const bool used = requests != requests_before_ || launch != launch_before_;
  requests_before_ = requests;
  launch_before_ = launch;
  return used;
}

// Of a mount that may expire the kernel tells whether anything of it is open. To look at
// the device wipes out the mark that this sets, so that no call here unmounts. Who may
// not ask that asks /proc, which costs more.
bool IdleClock::is_held_open() {
  if (device_at(options_.point) != device_) return false;
  if (kernel_tells_) {
    const Expiry expiry = expire(options_.point);
    kernel_tells_ = expiry != Expiry::kForbidden;
    if (kernel_tells_) return expiry == Expiry::kBusy;
  }
  Mounted mounted;
  mounted.point = options_.point;
  mounted.device = device_;
  mounted.server.emplace().pid = ::getpid();
  return !find_processes_using({mounted}).front().empty();
}

}  // namespace xar::mount
