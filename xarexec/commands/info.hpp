// SPDX-License-Identifier: BSD-2-Clause
// What an archive is: its header, its image, and how much is in it.
#pragma once

#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct Info {
  static constexpr Words kWords = {"--info", "", "FILE",
                                   "Show what FILE is and what it holds"};

  std::string file;
  bool json = false;

  void describe(OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
