// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/wait.hpp"

#include <poll.h>

#include <algorithm>
#include <climits>
#include <cstdint>

namespace xar::base {

bool wait_until_readable(int fd, std::chrono::steady_clock::time_point deadline) {
  using std::chrono::milliseconds;
  pollfd watched{fd, POLLIN, 0};
  for (;;) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const std::int64_t wait = std::chrono::ceil<milliseconds>(left).count();
    const int ready =
        ::poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(wait, 0, INT_MAX)));
    if (ready > 0) return true;
    if (wait <= 0) return false;
  }
}

}  // namespace xar::base
