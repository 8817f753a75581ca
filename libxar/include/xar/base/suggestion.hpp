// SPDX-License-Identifier: BSD-2-Clause
// What somebody may have meant who mistyped a name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xar::base {

// How many letters must be added, removed, replaced or exchanged with the next one to
// make `from` into `to` (optimal string alignment).
std::size_t edit_distance(std::string_view from, std::string_view to);

// The most similar of `names`, if any differs from `wrong` in no more than a third of its
// letters, or in one.
std::optional<std::string> suggestion(std::string_view wrong,
                                      const std::vector<std::string>& names);

// The most similar name to that of `path`, which does not exist, in the same directory;
// with the rest of the path as it was given.
std::optional<std::filesystem::path> nearest_file(const std::filesystem::path& path);

}  // namespace xar::base
