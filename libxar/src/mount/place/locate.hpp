// SPDX-License-Identifier: BSD-2-Clause
// What decides the name of a mount.
#pragma once

#include "xar/mount/launch.hpp"

namespace xar::mount {

// Whether the mount's name has the caller's own word in it instead of its namespaces'
// numbers: a word that is fit for a name.
bool has_seed(const MountContext& context);

}  // namespace xar::mount
