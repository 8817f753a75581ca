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

}  // namespace xar::xarexec
