// SPDX-License-Identifier: BSD-2-Clause
#include "tree/exclusion.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace xar::tree {
namespace {

// "./build//x/" as a scan spells it, "build/x". Empty for the source itself.
std::string without_empty_parts(std::string_view pattern) {
  std::string glob;
  while (!pattern.empty()) {
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    const std::string_view part = pattern.substr(0, end);
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
    if (part.empty() || part == ".") continue;
    if (!glob.empty()) glob += '/';
    glob += part;
  }
  return glob;
}

// "build/" is how people write that they mean the directory, wherever it is.
bool is_for_paths(std::string_view pattern) {
  while (pattern.ends_with('/')) pattern.remove_suffix(1);
  return pattern.find('/') != pattern.npos;
}

}  // namespace

Exclusion::Exclusion(const std::vector<std::string>& patterns,
                     std::function<void(const std::string&)> on_use)
    : on_use_(std::move(on_use)) {
  for (const std::string& pattern : patterns) {
    patterns_.push_back({pattern, without_empty_parts(pattern), is_for_paths(pattern)});
  }
}

bool Exclusion::matches(const std::string& name, const std::string& path) {
  bool found = false;
  for (Pattern& pattern : patterns_) {
    // One that has never matched is tried also where another has, to learn of its use.
    if (found && pattern.used) continue;
    const std::string& text = pattern.for_paths ? path : name;
    const int flags = pattern.for_paths ? FNM_PATHNAME : 0;
    if (::fnmatch(pattern.glob.c_str(), text.c_str(), flags) != 0) continue;
    found = true;
    if (!pattern.used && on_use_) on_use_(pattern.given);
    pattern.used = true;
  }
  return found;
}

}  // namespace xar::tree
