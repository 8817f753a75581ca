// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/clock.hpp"

#include <ctime>

namespace xar::base {

// The coarse clock costs a few nanoseconds.
std::uint64_t monotonic_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<std::uint64_t>(now.tv_sec);
}

}  // namespace xar::base
