// SPDX-License-Identifier: BSD-2-Clause
// Text in columns, as wide as what is in them.
#pragma once

#include <string>
#include <vector>

namespace xar::xarexec {

class Table {
 public:
  // A column's title; numbers stand at its right edge.
  enum class Align { kLeft, kRight };
  void column(std::string title, Align align);

  // One text for each column; made printable.
  void row(const std::vector<std::string>& cells);

  // All lines, the titles' first. The last column is not padded.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::vector<Align> aligns_;
  std::vector<std::vector<std::string>> rows_{1};
};

// How many columns a line takes.
std::size_t width_of(const std::string& line);

// `line` in `columns` columns, without the middle of what begins at byte `from` and goes
// to the end, so that a path keeps its name.
std::string shortened(const std::string& line, std::size_t columns, std::size_t from);

}  // namespace xar::xarexec
