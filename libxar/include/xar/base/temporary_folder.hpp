// SPDX-License-Identifier: BSD-2-Clause
// A folder for intermediate files, which goes away with all that is in it.
#pragma once

#include <filesystem>

namespace xar::base {

class TemporaryFolder {
 public:
  // Makes a folder that only this user may enter, in $TMPDIR or else /tmp. Throws
  // SystemError.
  TemporaryFolder();
  // Removes it; what cannot be removed is left.
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace xar::base
