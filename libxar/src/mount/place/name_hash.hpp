// SPDX-License-Identifier: BSD-2-Clause
// A short form of a text in the name of a mount. It only has to spread names: what is
// mounted under a name is compared in full.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace xar::mount {

// FNV-1a of `text`: the same in every process and on every machine.
inline std::uint64_t name_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

// The same as 16 hex digits.
inline std::string hashed_name(std::string_view text) {
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx",
                static_cast<unsigned long long>(name_hash(text)));
  return digits.data();
}

}  // namespace xar::mount
