// SPDX-License-Identifier: BSD-2-Clause
// Taking mounts of archives away.
#pragma once

#include <optional>
#include <string>

#include "xarexec/option_set.hpp"
#include "xarexec/words.hpp"

namespace xar::xarexec {

struct Unmount {
  static constexpr Words kWords = {"--unmount", "-u", "FILE|MOUNTPOINT|--all",
                                   "Unmount an archive, or all of this user's"};

  std::optional<std::string> what;
  bool all = false;
  bool lazily = false;

  void describe(OptionSet& options);
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
