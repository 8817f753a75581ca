// SPDX-License-Identifier: BSD-2-Clause
// An archive as a read-only directory: the one that runs share, or one of the user's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Mount {
  static constexpr CommandInfo kInfo = {"--mount",
                                        "-m",
                                        "FILE [DIR]",
                                        "Mount FILE and print where",
                                        "0",
                                        "  ls \"$(xarexec --mount data.xar)\"\n"
                                        "  xarexec --mount data.xar mnt\n"};

  std::string file;
  std::optional<std::string> directory;
  std::optional<std::string> timeout;
  std::vector<std::string> options;

  // The backend by its name, without a directory.
  std::optional<std::string> backend;

  void describe(cli::OptionSet& set);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
