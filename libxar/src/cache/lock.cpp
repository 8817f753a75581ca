// SPDX-License-Identifier: BSD-2-Clause
#include "cache/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <thread>

#include "xar/base/error.hpp"

namespace xar::cache {

Lock::Lock(const Folder& folder, std::string name, std::chrono::milliseconds patience)
    : folder_(folder), name_(std::move(name)) {
  constexpr std::chrono::milliseconds kPause{10};
  for (;;) {
    fd_ = folder.open_own(name_, O_RDWR | O_CREAT, 0600);
    if (!fd_) base::throw_errno("cannot create", folder.path() / name_);
    // Who held it before has removed it.
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0 && folder.is_named(fd_.get(), name_)) {
      return;
    }
    fd_.reset();
    if (patience <= patience.zero()) return;
    std::this_thread::sleep_for(kPause);
    patience -= kPause;
  }
}

Lock::~Lock() {
  if (fd_) ::unlinkat(folder_.fd(), name_.c_str(), 0);
}

}  // namespace xar::cache
