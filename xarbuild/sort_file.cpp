// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/sort_file.hpp"

#include <optional>
#include <string>

#include "xar/base/error.hpp"
#include "xar/base/number.hpp"
#include "xarbuild/list_file.hpp"

namespace xar::xarbuild {
namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// Takes the first word off `line`, without the backslashes that protect white space.
std::string take_path(std::string_view& line) {
  std::string path;
  while (!line.empty() && kSpace.find(line.front()) == kSpace.npos) {
    if (line.front() == '\\' && line.size() > 1) line.remove_prefix(1);
    path += line.front();
    line.remove_prefix(1);
  }
  return path;
}

// As the tree spells it: "./bin//run/" is "bin/run".
std::string tree_path(const std::string& written) {
  std::filesystem::path path = std::filesystem::path(written).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.relative_path().native();
}

}  // namespace

squashfs::Priorities read_sort_file(const std::filesystem::path& path) {
  squashfs::Priorities priorities;
  std::size_t number = 0;
  for (const std::string& line : read_lines(path)) {
    ++number;
    std::string_view rest = trimmed(line);
    if (rest.empty() || rest.front() == '#') continue;
    const std::string name = tree_path(take_path(rest));
    const auto priority = base::parse_number<std::int16_t>(trimmed(rest));
    if (name.empty() || !priority) {
      throw base::Error("cannot use line " + std::to_string(number), path,
                        "expected a path and a priority from -32768 to 32767");
    }
    priorities[name] = *priority;
  }
  return priorities;
}

}  // namespace xar::xarbuild
