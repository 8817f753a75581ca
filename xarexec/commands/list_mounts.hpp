// SPDX-License-Identifier: BSD-2-Clause
// What is mounted, who serves it and who uses it.
#pragma once

#include "xar/cli/color.hpp"
#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct ListMounts {
  static constexpr CommandInfo kInfo = {"--list",
                                        "-l",
                                        "",
                                        "List the archives that are mounted",
                                        "0",
                                        "  xarexec --list\n"
                                        "  xarexec --list --json\n"};

  bool json = false;
  bool wide = false;
  cli::ColorOption color;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
