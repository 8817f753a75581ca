// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "xar/mount/launch.hpp"

namespace xar::mount {

// Returns the slot for an archive whose UUID is that of another one, which occupies
// `slot`.
MountSlot alternative_slot(const MountSlot& slot, const Archive& archive);

}  // namespace xar::mount
