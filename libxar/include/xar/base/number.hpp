// SPDX-License-Identifier: BSD-2-Clause
// Whole numbers in text.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace xar::base {

// Returns the number that all of `text` is, in base 10 unless another one is given. Empty
// if `text` is anything else, such as one with a space or a plus sign, or if T cannot
// hold the number.
template <std::integral T>
std::optional<T> parse_number(std::string_view text, int base = 10) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number, base);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace xar::base
