// SPDX-License-Identifier: BSD-2-Clause
#include "mount/answer.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "mount/attach.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"

namespace xar::mount {
namespace {

constexpr int kMilliseconds = 1000;

bool ends_in_time(pid_t child) {
  const base::Fd process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  if (!process) return true;
  pollfd watched{process.get(), POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&watched, 1, kMilliseconds);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace

// A process of its own asks: who waits for a FUSE server may not even be killed.
Answer ask(const std::filesystem::path& point, uid_t owner) {
  const pid_t child = ::fork();
  if (child < 0) base::throw_errno("cannot start a process to look at", point);
  if (child == 0) {
    if (::geteuid() == 0 && owner != 0 && ::setresuid(owner, owner, owner) != 0) {
      ::_exit(0);
    }
    ::_exit(is_dead(point) ? 1 : 0);
  }
  const bool ended = ends_in_time(child);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  const pid_t waited = ::waitpid(child, &status, ended ? 0 : WNOHANG);
  if (!ended) return Answer::kNone;
  return waited == child && WIFEXITED(status) && WEXITSTATUS(status) == 1
             ? Answer::kDead
             : Answer::kAlive;
}

}  // namespace xar::mount
