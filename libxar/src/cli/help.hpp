// SPDX-License-Identifier: BSD-2-Clause
// The help of a command, for the width of the terminal.
#pragma once

#include <string>
#include <string_view>

#include "xar/cli/option_set.hpp"

namespace xar::cli {

class Help {
 public:
  explicit Help(const OptionSet& set);

  // What --help prints, or --help-all, which explains every option.
  [[nodiscard]] std::string text(bool all) const;

 private:
  struct Row {
    std::string head;  // "-o, --output OUT"
    std::string_view text;
  };

  [[nodiscard]] std::vector<Row> rows(bool all) const;
  [[nodiscard]] std::string table(const std::vector<Row>& rows) const;
  [[nodiscard]] std::string other_options() const;
  [[nodiscard]] std::string notes() const;

  const OptionSet& set_;
  std::size_t width_;
};

// `text` in lines of at most `width` columns, broken at spaces; all but the first line
// begin with `indent` spaces, and `column` columns of the first are taken. Ends with a
// newline.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent,
                    std::size_t column);

}  // namespace xar::cli
