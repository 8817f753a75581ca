// SPDX-License-Identifier: BSD-2-Clause
// A hash that only has to spread names: whoever uses one compares the texts in full.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xar::base {

// The 64-bit FNV-1a hash of `text`: the same in every process and on every machine.
std::uint64_t fnv1a(std::string_view text);

// The same as 16 hex digits.
std::string fnv1a_hex(std::string_view text);

}  // namespace xar::base
