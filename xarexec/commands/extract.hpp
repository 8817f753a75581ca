// SPDX-License-Identifier: BSD-2-Clause
// An archive, or parts of it, as files in a directory.
#pragma once

#include <string>
#include <vector>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Extract {
  static constexpr CommandInfo kInfo = {"--extract",
                                        "",
                                        "FILE DIR [PATH...]",
                                        "Unpack FILE, or parts of it, into DIR",
                                        "0",
                                        "  xarexec --extract app.xar unpacked\n"
                                        "  xarexec --extract app.xar scripts run.sh\n"};

  std::string file;
  std::string directory;
  std::vector<std::string> paths;
  bool without_privileges = false;
  bool force = false;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
