// SPDX-License-Identifier: BSD-2-Clause
#include "cache/walk.hpp"

#include "xar/base/error.hpp"

namespace xar::cache {

namespace fs = std::filesystem;

void walk(const fs::path& tree, const std::function<void(const fs::path&)>& visit) {
  std::error_code failed;
  fs::recursive_directory_iterator at(tree, fs::directory_options::skip_permission_denied,
                                      failed);
  visit(tree);
  while (!failed && at != fs::recursive_directory_iterator()) {
    visit(at->path());
    at.increment(failed);
  }
  if (failed) throw base::SystemError(failed.value(), "cannot read", tree);
}

}  // namespace xar::cache
