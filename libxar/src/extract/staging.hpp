// SPDX-License-Identifier: BSD-2-Clause
// A directory under construction, which gets its name only when it is complete.
#pragma once

#include <filesystem>

namespace xar::extract {

class StagingDirectory {
 public:
  // Makes a hidden directory, mode 0700, beside `final`. Throws base::SystemError.
  explicit StagingDirectory(std::filesystem::path final);
  // Removes it with all that is in it, unless it has been committed.
  ~StagingDirectory();
  StagingDirectory(const StagingDirectory&) = delete;
  StagingDirectory& operator=(const StagingDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return temporary_; }

  // Gives it up, in a fifth of a second at most. Returns the directory's path if
  // something of it is left, else nothing.
  std::filesystem::path discard();

  // Gives it its name. Replaces nothing: throws base::SystemError with EEXIST where
  // there is something by now.
  void commit();

 private:
  std::filesystem::path final_;
  std::filesystem::path temporary_;  // empty once committed
};

}  // namespace xar::extract
