// SPDX-License-Identifier: BSD-2-Clause
#include "cli/help.hpp"

#include <unistd.h>

#include <algorithm>

#include "xar/base/terminal.hpp"

namespace xar::cli {
namespace {

constexpr std::size_t kUsual = 80;
constexpr std::size_t kWidest = 100;     // longer lines are hard to read
constexpr std::size_t kWidestHead = 28;  // of an option whose text begins beside it

// "-o, --output OUT"
std::string head_of(std::string_view names, std::string_view type) {
  std::string head;
  for (const char c : names) {
    head += c;
    if (c == ',') head += ' ';
  }
  if (!type.empty()) (head += ' ') += type;
  return head;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent,
                    std::size_t column) {
  std::string lines;
  bool line_has_word = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (line_has_word && column + 1 + end > width) {
      (lines += '\n').append(indent, ' ');
      column = indent;
      line_has_word = false;
    }
    if (line_has_word) {
      lines += ' ';
      ++column;
    }
    lines += text.substr(0, end);
    column += end;
    line_has_word = true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines + '\n';
}

Help::Help(const OptionSet& set)
    : set_(set),
      width_(std::min(base::wanted_width(STDOUT_FILENO).value_or(kUsual), kWidest)) {}

std::vector<Help::Row> Help::rows(bool all) const {
  std::vector<Row> rows;
  for (const auto& command : set_.commands_) {
    rows.push_back({command.name, command.summary});
  }
  for (const auto& operand : set_.operands_) {
    const bool repeated =
        std::holds_alternative<std::vector<std::string>*>(operand.target);
    rows.push_back({operand.names + std::string(repeated ? "..." : ""), operand.help});
  }
  for (const auto& option : set_.options_) {
    if (all || option.detail == Detail::kCommon) {
      rows.push_back({head_of(option.names, option.type), option.help});
    }
  }
  return rows;
}

std::string Help::table(const std::vector<Row>& rows) const {
  std::size_t widest = 0;
  for (const Row& row : rows) {
    if (row.head.size() <= kWidestHead) widest = std::max(widest, row.head.size());
  }
  const std::size_t column = widest + 4;
  std::string text;
  for (const Row& row : rows) {
    text += "  " + row.head;
    if (row.head.size() > widest) {
      (text += '\n').append(column, ' ');
    } else {
      text.append(column - 2 - row.head.size(), ' ');
    }
    text += wrapped(row.text, width_, column, column);
  }
  return text;
}

// The names of what only --help-all explains, help itself aside.
std::string Help::other_options() const {
  std::string names;
  for (const auto& option : set_.options_) {
    std::string_view name = option.names;
    const bool is_help = name.find("--help") != name.npos;
    if (option.detail == Detail::kCommon || is_help) continue;
    name.remove_prefix(name.find("--"));
    (names += names.empty() ? "" : ", ") += name;
  }
  if (names.empty()) return names;
  return wrapped("Also, explained by --help-all: " + names, width_, 2, 0);
}

std::string Help::notes() const {
  const Description& about = set_.description_;
  std::string text;
  if (*about.notes != '\0') text += '\n' + wrapped(about.notes, width_, 0, 0);
  if (about.environment.empty()) return text;
  std::vector<Row> rows;
  for (const auto& [name, meaning] : about.environment) rows.push_back({name, meaning});
  return text + "\nEnvironment:\n" + table(rows);
}

std::string Help::text(bool all) const {
  const Description& about = set_.description_;
  std::string text = wrapped(about.purpose + std::string("."), width_, 0, 0);
  text += '\n' + wrapped("Usage: " + about.command + ' ' + about.usage, width_, 9, 0);
  const std::vector<Row> shown = rows(all);
  if (!shown.empty()) text += '\n' + table(shown);
  const std::string others = all ? "" : other_options();
  text += others;
  if (all) text += notes();
  if (others.empty()) text += '\n';
  text += wrapped("Exit status: " + about.exit_statuses, width_, 2, 0);
  return text + "\nExamples:\n" + about.examples;
}

}  // namespace xar::cli
