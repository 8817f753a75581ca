// SPDX-License-Identifier: BSD-2-Clause
// Waiting for a descriptor, for a limited time.
#pragma once

#include <chrono>

namespace xar::base {

// Waits until `fd` can be read without waiting, which it can also when its other end is
// closed. False: it could not before `deadline`. Signals do not prolong the wait.
bool wait_until_readable(int fd, std::chrono::steady_clock::time_point deadline);

}  // namespace xar::base
