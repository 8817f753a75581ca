// SPDX-License-Identifier: BSD-2-Clause
// A walk over an unpacked tree.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <functional>

namespace xar::cache {

// Calls `visit` for `tree` and for each file and directory below it, a directory before
// what is in it, with its status as lstat gives it. A directory that the user may not
// read is visited, and what is in it is not. Throws base::SystemError.
void walk(
    const std::filesystem::path& tree,
    const std::function<void(const std::filesystem::path&, const struct stat&)>& visit);

}  // namespace xar::cache
