// SPDX-License-Identifier: BSD-2-Clause
// Files of lines that users write: patterns to leave out, a sort file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xar::xarbuild {

// The lines of `path`, which may be a pipe, without their ends: LF, or CR LF as editors
// on Windows write them, which may also put a byte order mark in front. Throws
// base::Error if it cannot be read or is longer than 64 MiB.
std::vector<std::string> read_lines(const std::filesystem::path& path);

}  // namespace xar::xarbuild
