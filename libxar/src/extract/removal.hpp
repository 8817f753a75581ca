// SPDX-License-Identifier: BSD-2-Clause
// Removing a directory with all that is in it, of any depth.
#pragma once

#include <filesystem>

namespace xar::extract {

// Removes what it can of the directory at `path` and everything in it, holding one
// descriptor whatever the depth. Directories are made ones that their owner may empty.
// Follows no symlink and leaves nothing but `path` by "..": one that somebody moves
// meanwhile ends it.
void remove_tree(const std::filesystem::path& path);

}  // namespace xar::extract
