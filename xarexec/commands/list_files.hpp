// SPDX-License-Identifier: BSD-2-Clause
// What is in an archive, as ls shows it.
#pragma once

#include <optional>
#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct ListFiles {
  static constexpr Words kWords = {"--ls", "", "FILE [PATH]",
                                   "List what is in FILE, or in a directory of it"};

  std::string file;
  std::optional<std::string> path;
  bool long_format = false;
  bool recursive = false;

  void describe(OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
