// SPDX-License-Identifier: BSD-2-Clause
// Images that no honest tool writes: mksquashfs makes one with its tables
// uncompressed, and bytes of it are replaced.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace xar::test {

// Makes `image` of `tree` and replaces each first string by its second one, which is
// as long, wherever it stands in it. Throws std::runtime_error if it is nowhere.
void make_hostile_image(const std::filesystem::path& tree,
                        const std::filesystem::path& image,
                        const std::vector<std::pair<std::string, std::string>>& replaced);

}  // namespace xar::test
