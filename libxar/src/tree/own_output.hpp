// SPDX-License-Identifier: BSD-2-Clause
// What a build itself writes, found in a scan whatever path leads there.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace xar::tree {

// A file on one machine.
using Identity = std::pair<dev_t, ino_t>;

inline Identity identity_of(const struct stat& status) {
  return {status.st_dev, status.st_ino};
}

class OwnOutput {
 public:
  using Names = std::set<std::string>;

  // Paths of files and directories, which need not exist.
  explicit OwnOutput(const std::vector<std::filesystem::path>& paths);

  // The names of those in the directory; null if it has none.
  [[nodiscard]] const Names* in(const Identity& directory) const;

  // Whether a file is one of `names`, or a temporary file that becomes one of them.
  [[nodiscard]] static bool has(const Names& names, const std::string& name);

 private:
  void add(const std::filesystem::path& path);

  std::map<Identity, Names> names_;
};

}  // namespace xar::tree
