// SPDX-License-Identifier: BSD-2-Clause
// What this machine allows a launch to do, and what would mend what it does not.
#pragma once

#include <optional>
#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct Doctor {
  static constexpr Words kWords = {
      "--doctor", "", "[FILE]", "Say how archives run on this machine, or what it lacks"};

  std::optional<std::string> file;

  void describe(OptionSet& options);
  // 0 if a launch would work, 1 if not.
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
