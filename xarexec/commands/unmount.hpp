// SPDX-License-Identifier: BSD-2-Clause
// Taking mounts of archives away.
#pragma once

#include <optional>
#include <string>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Unmount {
  static constexpr CommandInfo kInfo = {"--unmount",
                                        "-u",
                                        "FILE|DIR|--all",
                                        "Unmount an archive, or all of this user's",
                                        "0",
                                        "  xarexec --unmount data.xar\n"
                                        "  xarexec --unmount --all --lazy\n"};

  std::optional<std::string> what;
  bool all = false;
  bool lazily = false;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
