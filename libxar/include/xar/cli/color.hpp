// SPDX-License-Identifier: BSD-2-Clause
// Colours in what programs print.
#pragma once

#include <optional>
#include <string>

#include "xar/cli/option_set.hpp"

namespace xar::cli {

enum class Color { kRed = 31, kGreen = 32, kYellow = 33, kBlue = 34, kCyan = 36 };

// The option --color. By default there are colours on a terminal that knows them, unless
// NO_COLOR is set.
class ColorOption {
 public:
  void add_to(OptionSet& set);

  // Whether text that goes to `fd` is to have colours.
  [[nodiscard]] bool is_on(int fd) const;

 private:
  std::optional<std::string> when_;
};

// `text` in the colour, or as it is.
std::string painted(bool on, Color color, std::string text);

}  // namespace xar::cli
