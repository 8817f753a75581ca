// SPDX-License-Identifier: BSD-2-Clause
// What commands print.
#pragma once

#include <string>

namespace xar::xarexec {

// Prints `text`: to a terminal line by line, else when much has come together or the
// program ends, where cli::run_main() sees to it. Throws base::SystemError where that
// fails.
void print(const std::string& text);

// The same, and a newline.
void print_line(const std::string& text);

}  // namespace xar::xarexec
