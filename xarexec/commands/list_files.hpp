// SPDX-License-Identifier: BSD-2-Clause
// What is in an archive, as ls shows it.
#pragma once

#include <optional>
#include <string>

#include "xar/cli/color.hpp"
#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct ListFiles {
  static constexpr CommandInfo kInfo = {"--ls",
                                        "",
                                        "FILE [PATH]",
                                        "List what is in FILE, or in a directory of it",
                                        "0",
                                        "  xarexec --ls -lh app.xar\n"
                                        "  xarexec --ls --recursive app.xar lib\n",
                                        "xarexec",
                                        false};

  std::string file;
  std::optional<std::string> path;
  bool long_format = false;
  bool recursive = false;
  bool human = false;
  bool json = false;
  cli::ColorOption color;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
