// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "xar/base/bytes.hpp"

namespace xar::base {

// The bytes as lower-case hex digits, two a byte.
std::string to_hex(ByteView bytes);

}  // namespace xar::base
