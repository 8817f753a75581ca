// SPDX-License-Identifier: BSD-2-Clause
// What the findings mean for the backends that mount.
#pragma once

#include <vector>

#include "xar/diagnosis.hpp"

namespace xar::diagnosis {

// Why a process with `findings`, all that find_all() makes, could not mount. `is_root`:
// whether it is root.
backend::Obstacles obstacles_in(const std::vector<Finding>& findings, bool is_root);

}  // namespace xar::diagnosis
