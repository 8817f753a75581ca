// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/process_handle.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace xar::base {

ProcessHandle::ProcessHandle(pid_t pid)
    : pid_(pid), fd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
  is_gone_ = !fd_ && errno == ESRCH;
}

bool ProcessHandle::send(int signal) const {
  if (is_gone_) {
    errno = ESRCH;
    return false;
  }
  if (!fd_) return ::kill(pid_, signal) == 0;
  return ::syscall(SYS_pidfd_send_signal, fd_.get(), signal, nullptr, 0) == 0;
}

bool ProcessHandle::has_ended() const {
  if (is_gone_) return true;
  if (!fd_) return ::kill(pid_, 0) != 0 && errno == ESRCH;
  pollfd watched{fd_.get(), POLLIN, 0};
  return ::poll(&watched, 1, 0) == 1;
}

}  // namespace xar::base
