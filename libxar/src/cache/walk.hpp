// SPDX-License-Identifier: BSD-2-Clause
// A walk over an unpacked tree.
#pragma once

#include <filesystem>
#include <functional>

namespace xar::cache {

// Calls `visit` for `tree` and for each file and directory below it. A directory that
// cannot be read is visited, and what is in it is not. Throws base::SystemError.
void walk(const std::filesystem::path& tree,
          const std::function<void(const std::filesystem::path&)>& visit);

}  // namespace xar::cache
