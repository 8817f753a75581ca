// SPDX-License-Identifier: BSD-2-Clause
// One process at a time changes an entry of the cache. Who has waited too long goes on
// without: then two do the work, and the first to finish gives the entry its name.
#pragma once

#include <chrono>
#include <string>

#include "cache/folder.hpp"
#include "xar/base/fd.hpp"

namespace xar::cache {

class Lock {
 public:
  static constexpr std::chrono::milliseconds kPatience{120'000};

  // Creates the file `name`, borrowing the folder, and waits for its lock. Throws
  // base::SystemError where it cannot be created.
  Lock(const Folder& folder, std::string name, std::chrono::milliseconds patience);
  // Removes the file.
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  [[nodiscard]] bool held() const { return static_cast<bool>(fd_); }

 private:
  const Folder& folder_;
  const std::string name_;
  base::Fd fd_;
};

}  // namespace xar::cache
