// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cli/value.hpp"

#include <algorithm>

#include "xar/base/number.hpp"

namespace xar::cli {
namespace {

// How many bits a unit's letter shifts by.
std::optional<unsigned> shift_of(std::string_view unit) {
  constexpr std::string_view kUnits = "kmgt";
  std::string lower;
  for (const char c : unit) lower += static_cast<char>(c | 0x20);
  if (lower.empty() || lower == "b") return 0;
  const std::size_t at = kUnits.find(lower.front());
  const std::string_view rest = std::string_view(lower).substr(1);
  if (at == kUnits.npos ||
      (!rest.empty() && rest != "b" && rest != "i" && rest != "ib")) {
    return std::nullopt;
  }
  return 10 * static_cast<unsigned>(at + 1);
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = base::parse_number<std::uint64_t>(text.substr(0, digits));
  const auto shift = shift_of(text.substr(digits));
  if (!number || !shift || *number > UINT64_MAX >> *shift) return std::nullopt;
  return *number << *shift;
}

}  // namespace xar::cli
