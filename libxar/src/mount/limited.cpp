// SPDX-License-Identifier: BSD-2-Clause
#include "mount/limited.hpp"

#include <unistd.h>

#include <chrono>
#include <string>

#include "mount/name_hash.hpp"
#include "xar/base/limits.hpp"

namespace xar::mount {

std::optional<Place> limited(const Place& place) {
  std::string limits = base::lasting_limits();
  if (limits.empty()) return std::nullopt;
  if (base::ends_daemons_early()) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    limits += std::to_string(::getpid()) + ' ' + std::to_string(now);
  }
  Place result = place;
  result.name += ".l" + hashed_name(limits).substr(0, 8);
  return result;
}

}  // namespace xar::mount
