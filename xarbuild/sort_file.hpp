// SPDX-License-Identifier: BSD-2-Clause
// mksquashfs's sort file: which contents are to stand first in the image.
#pragma once

#include <filesystem>

#include "xar/squashfs.hpp"

namespace xar::xarbuild {

// Each line of `path` is a path in the tree, with a backslash before white space in it,
// and a priority from -32768 to 32767; the highest stand first. Blank lines and those
// that begin with # are skipped. Throws base::Error for any other line, with its number.
squashfs::Priorities read_sort_file(const std::filesystem::path& path);

}  // namespace xar::xarbuild
