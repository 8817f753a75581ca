// SPDX-License-Identifier: BSD-2-Clause
#include "tree/exclusion.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace xar::tree {
namespace {

bool any_matches(const std::vector<std::string>& patterns, const std::string& text,
                 int flags) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), text.c_str(), flags) == 0;
  });
}

}  // namespace

Exclusion::Exclusion(const std::vector<std::string>& patterns) {
  for (std::string pattern : patterns) {
    // "build/" is how people write that they mean the directory.
    while (pattern.size() > 1 && pattern.ends_with('/')) pattern.pop_back();
    if (pattern.find('/') == pattern.npos) {
      for_names_.push_back(std::move(pattern));
    } else {
      for_paths_.push_back(pattern.substr(pattern.find_first_not_of('/')));
    }
  }
}

bool Exclusion::matches(const std::string& name, const std::string& path) const {
  return any_matches(for_names_, name, 0) || any_matches(for_paths_, path, FNM_PATHNAME);
}

}  // namespace xar::tree
