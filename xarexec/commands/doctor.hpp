// SPDX-License-Identifier: BSD-2-Clause
// What this machine allows a launch to do, and what would mend what it does not.
#pragma once

#include <optional>
#include <string>

#include "xar/cli/color.hpp"
#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Doctor {
  static constexpr CommandInfo kInfo = {"--doctor",
                                        "",
                                        "[FILE]",
                                        "Say how archives run here, or why they do not",
                                        "0 if a launch would work, 1 if not",
                                        "  xarexec --doctor\n"
                                        "  xarexec --doctor app.xar\n"};

  std::optional<std::string> file;
  bool json = false;
  cli::ColorOption color;

  void describe(cli::OptionSet& options);
  // 0 if a launch would work, 1 if not.
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
