// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes of a file on disk.
#pragma once

#include <filesystem>
#include <vector>

#include "xar/tree.hpp"

namespace xar::tree {

// The attributes of the file at `path`, a symlink not followed, sorted by name: those
// that SquashFS can hold, which are user, trusted and security. Empty where the file
// system has none. Throws base::SystemError if they cannot be read.
std::vector<Xattr> read_xattrs(const std::filesystem::path& path);

}  // namespace xar::tree
