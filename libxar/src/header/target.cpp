// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include "xar/header.hpp"

namespace xar::header {
namespace {

// Takes the first word off `line` and returns its last path component.
std::string_view take_command(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(word.size());
  return word.substr(word.rfind('/') + 1);
}

}  // namespace

// The original runs every target with sh -e, and its archives rely on that. What
// sh could not run, the kernel can.
bool is_run_by_shell(std::string_view front) {
  if (front.starts_with("\x7f"
                        "ELF")) {
    return false;
  }
  if (!front.starts_with("#!")) return true;
  std::string_view line = front.substr(2, front.find('\n') - 2);
  std::string_view interpreter = take_command(line);
  if (interpreter == "env") interpreter = take_command(line);
  return interpreter == "sh";
}

}  // namespace xar::header
