// SPDX-License-Identifier: BSD-2-Clause
// The start of a program that knows nothing of XAR. It is a script, and not a line of the
// header, so that the original's launcher runs it too.
#include <algorithm>
#include <string_view>

#include "xar/archive.hpp"
#include "xar/base/error.hpp"

namespace xar::archive {
namespace {

constexpr const char* kPath = ".xar-run";

bool is_variable_name(std::string_view name) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  const auto is_allowed = [kLetters](char c) {
    return kLetters.find(c) != kLetters.npos || (c >= '0' && c <= '9');
  };
  return !name.empty() && kLetters.find(name.front()) != kLetters.npos &&
         std::ranges::all_of(name, is_allowed);
}

// `text` as one word of a shell.
std::string shell_word(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  word += '\'';
  return word;
}

// What the shell writes for the placeholder "{root}" or "{env:NAME}"; empty for any other
// text in braces.
std::string expansion_of(std::string_view placeholder) {
  constexpr std::string_view kVariable = "{env:";
  if (placeholder == "{root}") return "\"$root\"";
  if (!placeholder.starts_with(kVariable)) return {};
  placeholder.remove_prefix(kVariable.size());
  placeholder.remove_suffix(1);
  if (!is_variable_name(placeholder)) return {};
  return std::string("\"${").append(placeholder).append("-}\"");
}

// `text` as one word of a shell, with its placeholders replaced.
std::string expanded(std::string_view text) {
  std::string word;
  std::size_t literal = 0;  // where the text begins that is not yet in `word`
  for (std::size_t open = text.find('{'); open != text.npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == text.npos) break;
    const std::string value = expansion_of(text.substr(open, close + 1 - open));
    if (value.empty()) continue;
    if (open > literal) word += shell_word(text.substr(literal, open - literal));
    word += value;
    literal = close + 1;
  }
  if (literal < text.size() || word.empty()) word += shell_word(text.substr(literal));
  return word;
}

std::string choice_by_name(const std::string& program) {
  const std::string folder = shell_word(program.substr(0, program.rfind('/') + 1));
  std::string text = "if [ -n \"$name\" ] && [ -f \"$root/\"";
  text += folder + "\"$name\" ]; then\n";
  text += "  program=$root/" + folder + "$name\nfi\n";
  return text;
}

std::string script_for(const Program& program) {
  std::string script =
      "#!/bin/sh\n"
      "# Starts a program of this archive. Launchers run it as\n"
      "#   /bin/sh -e DIRECTORY/.xar-run ARCHIVE ARGUMENT...\n"
      "case $0 in */*) root=${0%/*} ;; *) root=. ;; esac\n"
      "name=${1##*/}\n"
      "[ $# -eq 0 ] || shift\n";
  script += "program=$root/" + shell_word(program.path) + "\n";
  if (program.choose_by_name) script += choice_by_name(program.path);
  for (const auto& [name, value] : program.environment) {
    if (!is_variable_name(name)) {
      throw base::Error(base::Errc::kInvalid, "bad variable", name,
                        "expected letters, digits and underscores, no digit first");
    }
    script += "export " + name + "=" + expanded(value) + "\n";
  }
  script += "exec \"$program\"";
  for (const std::string& argument : program.arguments) {
    script += ' ';
    script += expanded(argument);
  }
  script += " \"$@\"\n";
  return script;
}

}  // namespace

std::string add_start_script(tree::Tree& tree, const Program& program) {
  tree.add_file(kPath, script_for(program), 0755);
  return kPath;
}

}  // namespace xar::archive
