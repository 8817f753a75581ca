// SPDX-License-Identifier: BSD-2-Clause
// Removing what is left over: for people, timers and the end of a session.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Clean {
  static constexpr CommandInfo kInfo = {"--clean",
                                        "",
                                        "",
                                        "Remove dead mounts, old locks and unused copies",
                                        "0",
                                        "  xarexec --clean --dry-run\n"
                                        "  xarexec --clean --older-than 12h\n"};

  std::optional<std::string> older_than;
  std::vector<std::string> roots;
  bool dry_run = false;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
