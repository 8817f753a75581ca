// SPDX-License-Identifier: BSD-2-Clause
// The two files that start a packaged application: a shell script, which any launcher
// of XARs can run, and the Python program that it starts.
#pragma once

#include <string>

#include "python/entry_point.hpp"

namespace xar::python {

inline constexpr const char* kShellName = "__xar_bootstrap__.sh";
inline constexpr const char* kMainName = "__run_xar_main__.py";

// The script's text, which runs kMainName with `interpreter`. Throws base::Error if
// that is neither a command's name nor an absolute path.
std::string shell_text(const std::string& interpreter);

// The program's text, which runs the entry point.
std::string main_text(const EntryPoint& entry_point);

}  // namespace xar::python
