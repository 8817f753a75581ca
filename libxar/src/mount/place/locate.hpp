// SPDX-License-Identifier: BSD-2-Clause
// The parts of a mount's name.
#pragma once

#include "xar/mount/launch.hpp"

namespace xar::mount {

// Whether the mount's name contains MountContext::seed instead of the namespaces'
// numbers: a seed that can be in a name.
bool has_seed(const MountContext& context);

}  // namespace xar::mount
