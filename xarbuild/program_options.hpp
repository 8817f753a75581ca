// SPDX-License-Identifier: BSD-2-Clause
// The part of `xarbuild dir` that says what the archive executes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xar/cli/option_set.hpp"

namespace xar::xarbuild {

struct Start;

class ProgramOptions {
 public:
  // Adds them to `set`; parsing fills in this, which must live as long as `set`.
  void add_to(cli::OptionSet& set);

  // Once a line has been parsed by `set`: what of them was given goes into `start`.
  // Throws base::Error for wrong use.
  void take(const cli::OptionSet& set, Start& start) const;

 private:
  std::optional<std::string> executed_;
  std::optional<std::string> run_;
  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  bool choose_by_name_ = false;
};

}  // namespace xar::xarbuild
