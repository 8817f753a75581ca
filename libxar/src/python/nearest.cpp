// SPDX-License-Identifier: BSD-2-Clause
#include "python/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace xar::python {
namespace {

// How many letters must be added, removed or replaced (Levenshtein's distance).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string few_of(const std::vector<std::string>& names) {
  constexpr std::size_t kFew = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kFew); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() > kFew ? text + " and others" : text;
}

}  // namespace

std::string suggestion(std::string_view wrong, const std::vector<std::string>& names) {
  if (names.empty()) return "";
  if (wrong.empty()) return ": there are " + few_of(names);
  const auto by_distance = [wrong](const std::string& name) {
    return distance(wrong, name);
  };
  const auto nearest = std::ranges::min_element(names, {}, by_distance);
  if (by_distance(*nearest) <= std::max<std::size_t>(1, wrong.size() / 2)) {
    return ": did you mean " + *nearest + "?";
  }
  return ": there are " + few_of(names);
}

}  // namespace xar::python
