// SPDX-License-Identifier: BSD-2-Clause
// The cache's folder, looked at and entered by descriptor.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xar/base/fd.hpp"
#include "xar/cache.hpp"

namespace xar::cache {

// A directory of the effective user's in which nobody else can write.
class Folder {
 public:
  // The folder of a location; nothing where it does not exist. Throws base::Error, or
  // base::SystemError.
  static std::optional<Folder> open(const Location& location);

  // Every folder that open() may have returned at some time: where another user has taken
  // a shared name and given it up, there are several. Throws as open() does.
  static std::vector<Folder> open_all(const Location& location);

  // As open(), and creates the folder and its parent where they do not exist.
  static Folder ensure(const Location& location);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Opens what is called `name` in it if that is no symlink and the user's own. Close-
  // on-exec, above the standard streams.
  [[nodiscard]] base::Fd open_own(const std::string& name, int flags,
                                  mode_t mode = 0) const;

  // Whether `fd` is what is called `name` in it now.
  [[nodiscard]] bool is_named(int fd, const std::string& name) const;

  // Removes a directory with all that is in it, which nobody finds from the first moment
  // on; what cannot be removed is left hidden.
  void discard(const std::string& name) const;

  // As discard(), but a directory that a run has locked is left hidden, for later.
  void retire(const std::string& name) const;

  // Removes the hidden directories of those who have begun on `name` and did not finish,
  // and what was retired if no run uses it any more.
  void discard_unfinished(const std::string& name) const;

 private:
  [[nodiscard]] std::string hide(const std::string& name) const;
  [[nodiscard]] bool is_locked(const std::string& name) const;
  Folder(std::filesystem::path path, base::Fd fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}
  std::filesystem::path path_;
  base::Fd fd_;
};

}  // namespace xar::cache
