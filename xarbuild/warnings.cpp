// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/warnings.hpp"

#include <algorithm>
#include <cstdio>

#include "xar/base/error.hpp"

namespace xar::xarbuild {
namespace {

// " and 3 others"
std::string others(std::uint64_t count) {
  if (count == 0) return "";
  return " and " + std::to_string(count) + (count == 1 ? " other" : " others");
}

}  // namespace

void warn(const std::string& sentence) {
  if (sentence.empty()) return;
  std::fprintf(stderr, "xarbuild: %s\n", base::printable(sentence).c_str());
}

void warn_of_unused_patterns(const std::vector<std::string>& excluded,
                             const tree::ScanFindings& findings) {
  for (auto pattern = excluded.begin(); pattern != excluded.end(); ++pattern) {
    if (findings.used_patterns.contains(*pattern)) continue;
    if (std::find(excluded.begin(), pattern, *pattern) != pattern) continue;
    warn("nothing left out: " + *pattern + ": this pattern matches no name");
  }
}

void warn_of_lists(const tree::ScanFindings& findings) {
  const auto& named = findings.named_with_acls;
  for (const auto& path : named) {
    const bool last = &path == &named.back();
    const std::uint64_t unnamed = findings.files_with_acls - named.size();
    warn("access control list left out: " + path.native() +
         (last ? others(unnamed) : "") + ": an archive has none");
  }
}

void warn_of_times(const tree::Tree::Clamped& clamped) {
  if (clamped.names == 0) return;
  warn("time changed: " + clamped.first + others(clamped.names - 1) +
       ": an archive has times from 1970 to 2106");
}

}  // namespace xar::xarbuild
