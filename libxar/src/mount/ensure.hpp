// SPDX-License-Identifier: BSD-2-Clause
// What mounting here and in a namespace of its own have in common.
#pragma once

#include "xar/mount.hpp"

namespace xar::mount {

// Where a second archive of one UUID goes while the first has its place.
Place beside(const Place& place, const Archive& archive);

}  // namespace xar::mount
