// SPDX-License-Identifier: BSD-2-Clause
#include "tree/own_output.hpp"

#include <algorithm>
#include <system_error>

#include "xar/base/file.hpp"

namespace xar::tree {

namespace fs = std::filesystem;

OwnOutput::OwnOutput(const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths) {
    add(path);
    // Where it is a symlink, what that leads to is written.
    std::error_code failed;
    const fs::path target = base::canonical_path(path, failed);
    if (!failed) add(target);
  }
}

const OwnOutput::Names* OwnOutput::in(const Identity& directory) const {
  const auto found = names_.find(directory);
  return found != names_.end() ? &found->second : nullptr;
}

bool OwnOutput::has(const Names& names, const std::string& name) {
  return names.contains(name) || std::ranges::any_of(names, [&](const auto& finished) {
           return base::is_temporary_name(name, finished);
         });
}

void OwnOutput::add(const fs::path& path) {
  const fs::path written = path.has_filename() ? path : path.parent_path();
  if (!written.has_filename()) return;
  const fs::path directory = written.has_parent_path() ? written.parent_path() : ".";
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) return;
  names_[identity_of(status)].insert(written.filename().native());
}

}  // namespace xar::tree
