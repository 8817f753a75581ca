// SPDX-License-Identifier: BSD-2-Clause
// Whether an archive is sound.
#pragma once

#include <string>

#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Verify {
  static constexpr CommandInfo kInfo = {"--verify",
                                        "",
                                        "FILE",
                                        "Check the digest, and that all can be read",
                                        "0 if FILE is sound",
                                        "  xarexec --verify app.xar\n"
                                        "  xarexec --verify app.xar && ./app.xar\n"};

  std::string file;
  bool json = false;

  void describe(cli::OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
