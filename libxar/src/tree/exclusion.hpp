// SPDX-License-Identifier: BSD-2-Clause
// Which names a scan leaves out.
#pragma once

#include <string>
#include <vector>

namespace xar::tree {

class Exclusion {
 public:
  // Patterns as ScanOptions::excluded describes them.
  explicit Exclusion(const std::vector<std::string>& patterns);

  // Whether `name`, at `path` counted from the source on, is left out.
  [[nodiscard]] bool matches(const std::string& name, const std::string& path) const;

 private:
  std::vector<std::string> for_names_;
  std::vector<std::string> for_paths_;  // without a leading slash
};

}  // namespace xar::tree
