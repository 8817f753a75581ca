// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/ahead.hpp"

#include <utility>

namespace xar::fuse {

bool Ahead::goes_on(std::uint32_t fragment) {
  {
    const std::scoped_lock lock(mutex_);
    if (fragment != std::exchange(latest_, fragment) + 1) return false;
  }
  turn_.pass();
  return true;
}

}  // namespace xar::fuse
