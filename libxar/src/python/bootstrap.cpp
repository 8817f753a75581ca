// SPDX-License-Identifier: BSD-2-Clause
#include "python/bootstrap.hpp"

#include <string_view>

#include "python/bootstrap_files.hpp"
#include "xar/base/error.hpp"

namespace xar::python {
namespace {

// `text` with its one `placeholder` replaced.
std::string filled_in(std::string_view text, std::string_view placeholder,
                      std::string_view value) {
  std::string result(text);
  result.replace(result.find(placeholder), placeholder.size(), value);
  return result;
}

bool can_be_command(std::string_view interpreter) {
  constexpr std::string_view kForbidden("'\"\n\0 ", 5);
  const bool plain =
      !interpreter.empty() && interpreter.find_first_of(kForbidden) == interpreter.npos;
  return plain && interpreter.front() != '-' &&
         (interpreter.front() == '/' || interpreter.find('/') == interpreter.npos);
}

}  // namespace

std::string shell_text(const std::string& interpreter) {
  if (!can_be_command(interpreter)) {
    throw base::Error(
        "bad interpreter", interpreter,
        "expected a command's name or an absolute path, without spaces or quotes");
  }
  return filled_in(kShellFile, "%PYTHON%", "'" + interpreter + "'");
}

std::string main_text(const EntryPoint& entry_point) {
  const std::string text = filled_in(kMainFile, "%MODULE%", entry_point.module);
  return filled_in(text, "%FUNCTION%", entry_point.function);
}

}  // namespace xar::python
