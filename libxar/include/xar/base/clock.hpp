// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace xar::base {

// Whole seconds of the monotonic clock, which is the same in all processes. Reads no
// device and makes no system call.
std::uint64_t monotonic_seconds();

}  // namespace xar::base
