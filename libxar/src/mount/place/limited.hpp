// SPDX-License-Identifier: BSD-2-Clause
// A mount's server has the limits of the launch that starts it. It gets rid of
// most; what it cannot get rid of must not be others' loss.
#pragma once

#include <optional>

#include "xar/mount/launch.hpp"

namespace xar::mount {

// Where the caller is to mount instead of at `slot`: with others of the same
// lasting limits, or alone where its server will end early. Nothing where its
// server serves as well as any other.
std::optional<MountSlot> limited(const MountSlot& slot);

}  // namespace xar::mount
