// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/suggestion.hpp"

#include <dirent.h>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

namespace xar::base {

std::size_t edit_distance(std::string_view from, std::string_view to) {
  // The rows for the last two letters of `from`, and the one being filled.
  std::array<std::vector<std::size_t>, 3> rows;
  for (auto& row : rows) row.resize(to.size() + 1);
  std::iota(rows[1].begin(), rows[1].end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    auto& [before, last, row] = rows;
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
  }
  return rows[1].back();
}

std::optional<std::string> suggestion(std::string_view wrong,
                                      const std::vector<std::string>& names) {
  // Far longer ones are not typed by mistake, and would take quadratic time.
  constexpr std::size_t kLongest = 256;
  if (wrong.empty() || wrong.size() > kLongest) return std::nullopt;
  std::size_t least = std::max<std::size_t>(1, wrong.size() / 3) + 1;
  const std::string* found = nullptr;
  for (const std::string& name : names) {
    if (name.size() > kLongest) continue;
    const std::size_t distance = edit_distance(wrong, name);
    if (distance < least) {
      least = distance;
      found = &name;
    }
  }
  if (found == nullptr) return std::nullopt;
  return *found;
}

std::optional<std::filesystem::path> nearest_file(const std::filesystem::path& path) {
  constexpr std::size_t kMost = 10000;
  const std::filesystem::path folder = path.parent_path();
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(
      ::opendir(folder.empty() ? "." : folder.c_str()), ::closedir);
  if (!stream) return std::nullopt;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    if (names.size() == kMost) break;
  }
  std::ranges::sort(names);
  const auto name = suggestion(path.filename().native(), names);
  if (!name) return std::nullopt;
  return folder / *name;
}

}  // namespace xar::base
