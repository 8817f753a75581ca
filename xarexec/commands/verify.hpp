// SPDX-License-Identifier: BSD-2-Clause
// Whether an archive is sound.
#pragma once

#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct Verify {
  static constexpr Words kWords = {"--verify", "", "FILE",
                                   "Check the digest, and that every block can be read"};

  std::string file;

  void describe(OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
