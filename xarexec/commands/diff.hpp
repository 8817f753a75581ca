// SPDX-License-Identifier: BSD-2-Clause
// What one archive has that another has not.
#pragma once

#include <string>

#include "xar/cli/color.hpp"
#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Diff {
  static constexpr CommandInfo kInfo = {"--diff",
                                        "",
                                        "A B",
                                        "Show what B adds, removes and changes",
                                        "0 if they are the same, 1 if they differ",
                                        "  xarexec --diff old.xar new.xar\n"
                                        "  xarexec --diff --json old.xar new.xar\n"};

  std::string before;
  std::string after;
  bool times = false;
  bool json = false;
  cli::ColorOption color;

  void describe(cli::OptionSet& options);
  // 0 if the archives' files are the same, 1 if not.
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
