// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

namespace xar::test {

// Expects that both paths show the same, all the way down: files with their content,
// permissions, owners, times and links.
void expect_same_tree(const std::filesystem::path& source,
                      const std::filesystem::path& mounted);

}  // namespace xar::test
