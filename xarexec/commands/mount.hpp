// SPDX-License-Identifier: BSD-2-Clause
// An archive as a read-only directory.
#pragma once

#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct Mount {
  static constexpr Words kWords = {"--mount", "-m", "FILE",
                                   "Mount FILE, print its directory, run nothing"};

  std::string file;

  void describe(OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
