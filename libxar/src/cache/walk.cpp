// SPDX-License-Identifier: BSD-2-Clause
#include "cache/walk.hpp"

#include <cerrno>
#include <utility>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::cache {

namespace fs = std::filesystem;

void walk(const fs::path& tree,
          const std::function<void(const fs::path&, const struct stat&)>& visit) {
  std::vector<fs::path> folders;  // still to be read
  const auto look_at = [&](fs::path path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) base::throw_errno("cannot examine", path);
    visit(path, status);
    if (S_ISDIR(status.st_mode)) folders.push_back(std::move(path));
  };
  look_at(tree);
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    const int error =
        base::for_each_name(folder, [&](const char* name) { look_at(folder / name); });
    if (error != 0 && error != EACCES) {
      throw base::SystemError(error, "cannot read", folder);
    }
  }
}

}  // namespace xar::cache
