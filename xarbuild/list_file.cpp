// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/list_file.hpp"

#include <algorithm>
#include <string_view>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::xarbuild {

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  constexpr std::size_t kMaxSize = 64 << 20;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::string text = base::read_text(path, kMaxSize + 1);
  if (text.size() > kMaxSize) {
    throw base::Error("cannot use", path, "it is longer than 64 MiB: is it a list?");
  }
  std::string_view rest = text;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
  }
  return lines;
}

}  // namespace xar::xarbuild
