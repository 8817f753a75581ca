// SPDX-License-Identifier: BSD-2-Clause
// What one archive has that another has not.
#pragma once

#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct Diff {
  static constexpr Words kWords = {
      "--diff", "", "A B", "Show which files B adds, removes and changes against A"};

  std::string before;
  std::string after;
  bool times = false;

  void describe(OptionSet& options);
  // 0 if the archives' files are the same, 1 if not.
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
