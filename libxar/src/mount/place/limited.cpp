// SPDX-License-Identifier: BSD-2-Clause
#include "mount/place/limited.hpp"

#include <unistd.h>

#include <chrono>
#include <string>

#include "xar/base/hash.hpp"
#include "xar/base/limits.hpp"

namespace xar::mount {

std::optional<MountSlot> limited(const MountSlot& slot) {
  std::string limits = base::lasting_limits();
  if (limits.empty()) return std::nullopt;
  if (base::ends_daemons_early()) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    limits += std::to_string(::getpid()) + ' ' + std::to_string(now);
  }
  MountSlot result = slot;
  result.name += ".l" + base::fnv1a_hex(limits).substr(0, 8);
  return result;
}

}  // namespace xar::mount
