// SPDX-License-Identifier: BSD-2-Clause
// A server inherits the limits of the launch that starts it. Limits that it cannot reset
// must not affect other launches.
#pragma once

#include <optional>

#include "xar/mount/launch.hpp"

namespace xar::mount {

// Returns the slot in which the caller must mount instead of `slot`: one shared by
// launches with the same limits, or its own if its server would end early. Empty if the
// caller has no such limits.
std::optional<MountSlot> limited(const MountSlot& slot);

}  // namespace xar::mount
