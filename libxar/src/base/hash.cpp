// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/hash.hpp"

#include <array>
#include <cstddef>

#include "xar/base/bytes.hpp"
#include "xar/base/hex.hpp"

namespace xar::base {

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

std::string fnv1a_hex(std::string_view text) {
  const std::uint64_t hash = fnv1a(text);
  std::array<std::byte, sizeof hash> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::byte>(hash >> (8 * (bytes.size() - 1 - i)));
  }
  return to_hex(bytes);
}

}  // namespace xar::base
