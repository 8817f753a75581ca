// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/table.hpp"

#include <algorithm>

#include "xar/base/error.hpp"

namespace xar::xarexec {
namespace {

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

// Characters, not bytes: those of UTF-8 that continue one do not count.
std::size_t width_of(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char c) { return !continues_character(c); }));
}

std::string shortened(const std::string& line, std::size_t columns, std::size_t from) {
  constexpr std::string_view kGap = "...";
  std::size_t begin = std::min(from, line.size());
  std::size_t end = begin;
  while (end < line.size() && columns < width_of(line.substr(0, begin)) + kGap.size() +
                                            width_of(line.substr(end))) {
    ++end;
    while (end < line.size() && continues_character(line[end])) ++end;
  }
  return line.substr(0, begin) + std::string(kGap) + line.substr(end);
}

void Table::column(std::string title, Align align) {
  rows_.front().push_back(std::move(title));
  aligns_.push_back(align);
}

void Table::row(const std::vector<std::string>& cells) {
  std::vector<std::string> shown;
  std::transform(cells.begin(), cells.end(), std::back_inserter(shown),
                 [](const std::string& cell) { return base::printable(cell); });
  rows_.push_back(std::move(shown));
}

std::vector<std::string> Table::lines() const {
  std::vector<std::size_t> widths(aligns_.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      if (i > 0) line += "  ";
      if (aligns_[i] == Align::kRight) line += padding;
      line += row[i];
      if (aligns_[i] == Align::kLeft && i + 1 < row.size()) line += padding;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace xar::xarexec
