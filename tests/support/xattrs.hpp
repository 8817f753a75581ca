// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes of files on disk, as a map to compare.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace xar::test {

using Xattrs = std::map<std::string, std::string>;

// The extended attributes of `path` itself, not of what a symlink points to. Throws
// std::runtime_error if they cannot be read.
Xattrs xattrs_of(const std::filesystem::path& path);

// Sets them. Throws std::runtime_error if the file system refuses.
void set_xattrs(const std::filesystem::path& path, const Xattrs& xattrs);

// Creates `root` and fills it with files of every type that have extended attributes:
// none, one, many, empty, binary and the largest, the same and different ones. Needs
// root.
void make_xattr_tree(const std::filesystem::path& root);

}  // namespace xar::test
