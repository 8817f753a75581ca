// SPDX-License-Identifier: BSD-2-Clause
#include "image/file_guard.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace xar::image {

FileGuard::FileGuard(int fd)
    : fd_(fd), good_(look().value_or(State())), size_(good_.size) {}

bool FileGuard::is_intact(const Compare& compare) {
  const auto now = look();
  const std::lock_guard lock(mutex_);
  if (now == good_) return true;
  if (!now || now == bad_) return false;
  if (!has_same_content(*now, compare)) {
    bad_ = now;
    return false;
  }
  good_ = *now;
  bad_.reset();
  return true;
}

bool FileGuard::has_changed() const {
  const std::lock_guard lock(mutex_);
  return bad_.has_value();
}

std::optional<FileGuard::State> FileGuard::look() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return std::nullopt;
  return State{static_cast<std::uint64_t>(status.st_size),
               {status.st_mtim.tv_sec, status.st_mtim.tv_nsec},
               {status.st_ctim.tv_sec, status.st_ctim.tv_nsec}};
}

// The time of change alone is that of chmod, link and rename, and of a writer who has set
// the modification time back.
bool FileGuard::has_same_content(const State& state, const Compare& compare) const {
  if (state.size < size_) return false;
  if (!compare) {
    return state.size == size_ && std::ranges::equal(state.modified, good_.modified);
  }
  // Unless it was written to while it was compared.
  return compare() && look() == state;
}

}  // namespace xar::image
