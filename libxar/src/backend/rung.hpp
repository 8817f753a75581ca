// SPDX-License-Identifier: BSD-2-Clause
// One rung of the ladder.
#pragma once

#include <optional>
#include <vector>

#include "xar/backend.hpp"

namespace xar::backend {

// Where mounts may be; none where no root is fit.
using Places = std::vector<mount::Place>;

struct Step {
  const char* name;
  // What is there already, found without a lock.
  std::optional<mount::Pinned> (*find)(const Request&, const Places&);
  // As find(), or makes it. Throws base::Error.
  mount::Pinned (*make)(const Request&, const Places&);
};

extern const Step kFuseStep;
extern const Step kUsernsStep;
extern const Step kExtractStep;

}  // namespace xar::backend
