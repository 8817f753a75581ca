// SPDX-License-Identifier: BSD-2-Clause
// What an archive is: its header, its image, and how much is in it.
#pragma once

#include <string>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Info {
  static constexpr CommandInfo kInfo = {"--info",
                                        "",
                                        "FILE",
                                        "Show what FILE is and what it holds",
                                        "0",
                                        "  xarexec --info app.xar\n"
                                        "  xarexec --info --json app.xar\n"};

  std::string file;
  bool json = false;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
