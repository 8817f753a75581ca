// SPDX-License-Identifier: BSD-2-Clause
// Which names a scan leaves out.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace xar::tree {

class Exclusion {
 public:
  // Patterns as ScanOptions::excluded describes them. `on_use`, if it is not empty, is
  // called for each of them as it first matches, with the pattern as it was given.
  Exclusion(const std::vector<std::string>& patterns,
            std::function<void(const std::string&)> on_use);

  // Whether `name`, at `path` counted from the source on, is left out.
  [[nodiscard]] bool matches(const std::string& name, const std::string& path);

 private:
  struct Pattern {
    std::string given;
    std::string glob;
    bool for_paths = false;  // else for names
    bool used = false;
  };

  std::vector<Pattern> patterns_;
  std::function<void(const std::string&)> on_use_;
};

}  // namespace xar::tree
