// SPDX-License-Identifier: BSD-2-Clause
// Where an archive is or would be mounted.
#pragma once

#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct PrintMountPoint {
  static constexpr Words kWords = {
      "--print-mountpoint", "-n", "FILE",
      "Print the directory where FILE is or would be mounted, mount nothing"};

  std::string file;

  void describe(OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
