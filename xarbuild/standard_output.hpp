// SPDX-License-Identifier: BSD-2-Clause
// An archive on standard output, for `-o -`.
#pragma once

#include <filesystem>

namespace xar::xarbuild {

// Throws base::Error, for wrong use, where standard output is a terminal.
void require_no_terminal();

// Copies `file` to standard output. Throws base::SystemError.
void copy_to_standard_output(const std::filesystem::path& file);

}  // namespace xar::xarbuild
