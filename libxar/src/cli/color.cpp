// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cli/color.hpp"

#include <cstdlib>

#include "xar/base/terminal.hpp"

namespace xar::cli {

void ColorOption::add_to(OptionSet& set) {
  set.value("--color", when_, "{auto,always,never}",
            "When to use colours; auto: on a terminal, unless NO_COLOR is set",
            Detail::kRare);
}

bool ColorOption::is_on(int fd) const {
  if (when_ == "always") return true;
  if (when_ == "never") return false;
  const char* none = std::getenv("NO_COLOR");
  return (none == nullptr || *none == '\0') && base::is_capable_terminal(fd);
}

std::string painted(bool on, Color color, std::string text) {
  if (!on) return text;
  return "\033[" + std::to_string(static_cast<int>(color)) + 'm' + text + "\033[m";
}

}  // namespace xar::cli
