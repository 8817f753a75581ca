// SPDX-License-Identifier: BSD-2-Clause
// An archive as a command opens it: checked who asks, its header read.
#pragma once

#include <string>

#include "xar/header.hpp"

namespace xar::xarexec {

// The header of the archive `file`. Throws base::Error, also where xarexec has been
// made setuid: it would act on files with rights that its caller has not.
header::Header read_header(const std::string& file);

// Prints `text` and a newline. Throws base::SystemError where that fails.
void print_line(const std::string& text);

}  // namespace xar::xarexec
