// SPDX-License-Identifier: BSD-2-Clause
// What of a file's name may be printed as it is.
#pragma once

#include <cstddef>
#include <string_view>

namespace xar::base {

// Length in bytes of the well-formed UTF-8 sequence of two bytes or more at the front of
// `text`, or 0; control characters beyond ASCII count as none. `text` is not empty.
std::size_t utf8_length(std::string_view text);

}  // namespace xar::base
