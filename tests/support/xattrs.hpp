// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes of files on disk, as a map to compare.
#pragma once

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace xar::test {

using Xattrs = std::map<std::string, std::string>;

// The extended attributes of `path` itself, not of what a symlink points to: none where
// the file system has none, as the kernel's SquashFS of an image without any. Throws
// std::runtime_error if they cannot be read.
Xattrs xattrs_of(const std::filesystem::path& path);

// Sets them. Throws std::runtime_error if the file system refuses.
void set_xattrs(const std::filesystem::path& path, const Xattrs& xattrs);

// Creates `root` and fills it with files of every type that have extended attributes:
// none, one, many, empty, binary and the largest, the same and different ones. Needs
// root.
void make_xattr_tree(const std::filesystem::path& root);

// Gives a third of all that is below `root` random attributes of every namespace that its
// type may have, capabilities included. Needs root.
void add_random_xattrs(const std::filesystem::path& root, std::mt19937_64& random);

// The names below `expected` whose attributes are others below `actual`.
std::vector<std::string> compare_xattrs(const std::filesystem::path& expected,
                                        const std::filesystem::path& actual);

}  // namespace xar::test
