// SPDX-License-Identifier: BSD-2-Clause
#include "mount/idle_clock.hpp"

#include <unistd.h>

#include <algorithm>

#include "mount/attach.hpp"
#include "xar/mount.hpp"

namespace xar::mount {
namespace {

// A mount goes at most an eighth of the time-out late.
constexpr unsigned kParts = 8;

}  // namespace

IdleClock::IdleClock(const Duty& duty, std::uint64_t device,
                     const fuse::Activity& activity)
    : duty_(duty),
      device_(device),
      activity_(activity),
      parts_(std::clamp<unsigned>(duty.timeout, 1, kParts)) {}

std::chrono::milliseconds IdleClock::interval() const {
  return std::chrono::milliseconds(std::uint64_t{duty_.timeout} * 1000 / parts_);
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
  const std::int64_t launch = duty_.seat != nullptr ? duty_.seat->latest_launch() : 0;
  const bool used = requests != requests_before_ || launch != launch_before_;
  requests_before_ = requests;
  launch_before_ = launch;
  return used;
}

// Of a mount that may expire the kernel tells whether anything of it is open. To look at
// the device wipes out the mark that this sets, so that no call here unmounts. Who may
// not ask that asks /proc, which costs more.
bool IdleClock::is_held_open() {
  if (device_at(duty_.point) != device_) return false;
  if (kernel_tells_) {
    const Expiry expiry = expire(duty_.point);
    kernel_tells_ = expiry != Expiry::kForbidden;
    if (kernel_tells_) return expiry == Expiry::kBusy;
  }
  Mounted mounted;
  mounted.point = duty_.point;
  mounted.device = device_;
  mounted.server.emplace().pid = ::getpid();
  return !find_users({mounted}).front().empty();
}

}  // namespace xar::mount
