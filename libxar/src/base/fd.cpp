// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/fd.hpp"

#include <unistd.h>

#include <cerrno>

namespace xar::base {

void Fd::reset(int fd) noexcept {
  if (fd_ >= 0) {
    // Destructors run between a failing call and the reading of its errno.
    const int saved = errno;
    ::close(fd_);
    errno = saved;
  }
  fd_ = fd;
}

}  // namespace xar::base
