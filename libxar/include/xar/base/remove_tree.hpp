// SPDX-License-Identifier: BSD-2-Clause
// Removing a directory with all that is in it, of any depth.
#pragma once

#include <chrono>
#include <filesystem>

namespace xar::base {

// Removes what it can of the file or directory at `path` and everything in it. It holds
// two descriptors whatever the depth, and makes directories ones that their owner may
// empty. It follows no symlink and leaves no directory but by "..": it ends where
// somebody moves a directory meanwhile.
void remove_tree(const std::filesystem::path& path);

// The same, but gives up at the latest then. Whether nothing is left.
bool remove_tree(const std::filesystem::path& path,
                 std::chrono::steady_clock::time_point latest);

}  // namespace xar::base
