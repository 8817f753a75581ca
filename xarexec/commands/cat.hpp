// SPDX-License-Identifier: BSD-2-Clause
// Files of an archive on standard output.
#pragma once

#include <string>
#include <vector>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Cat {
  static constexpr CommandInfo kInfo = {"--cat",
                                        "",
                                        "FILE PATH...",
                                        "Print the content of files in FILE",
                                        "0",
                                        "  xarexec --cat app.xar run.sh\n"
                                        "  xarexec --cat data.xar table.csv | sort\n"};

  std::string file;
  std::vector<std::string> paths;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
