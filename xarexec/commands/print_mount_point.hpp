// SPDX-License-Identifier: BSD-2-Clause
// Where an archive is or would be mounted.
#pragma once

#include <string>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct PrintMountPoint {
  static constexpr CommandInfo kInfo = {
      "--print-mountpoint",
      "-n",
      "FILE",
      "Print where FILE is or would be mounted",
      "0",
      "  xarexec --print-mountpoint app.xar\n"
      "  mountpoint \"$(xarexec -n app.xar)\" || xarexec --mount app.xar\n"};

  std::string file;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
