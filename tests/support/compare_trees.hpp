// SPDX-License-Identifier: BSD-2-Clause
// Two trees on disk, compared in all that an image is to preserve.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xar::test {

// What differs: names, types, permissions, modification times, sizes, contents,
// symlink targets, device numbers, and which names are hard links of each other.
// Owners are left out: they are not what an archive preserves. One sentence a
// difference; empty if there is none.
std::vector<std::string> compare_trees(const std::filesystem::path& expected,
                                       const std::filesystem::path& actual);

}  // namespace xar::test
