// SPDX-License-Identifier: BSD-2-Clause
// What somebody may have meant who wrote a name that does not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xar::python {

// ": did you mean NAME?" with the most similar of `names`; without one that is similar,
// ": there are A, B, C" with a few of them, or nothing if there are none.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace xar::python
