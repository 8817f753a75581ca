// SPDX-License-Identifier: BSD-2-Clause
#include "python/suggestion.hpp"

#include <algorithm>

#include "xar/base/suggestion.hpp"

namespace xar::python {
namespace {

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
  const auto suggested = base::suggestion(wrong, names);
  return suggested ? ": did you mean " + *suggested + "?"
                   : ": there are " + few_of(names);
}

}  // namespace xar::python
