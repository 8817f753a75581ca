// SPDX-License-Identifier: BSD-2-Clause
// A request to a stuck server cannot be taken back, and holds its process even against
// SIGKILL if the server has begun with it. So where one is to be feared a child asks.
#include "mount/liveness.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"

namespace xar::mount {
namespace {

constexpr int kMilliseconds = 2000;

// What the child keeps must be of these two numbers.
constexpr int kAsked = 0;
constexpr int kAnswer = 1;

[[noreturn]] void probe_in_child(int fd, int answer) {
  // Nothing of the caller's may stay open in a process that may stay for long.
  ::dup2(answer, kAnswer + 1);
  ::dup2(fd, kAsked);
  ::dup2(kAnswer + 1, kAnswer);
  for (int other = kAnswer + 1; other < 1024; ++other) ::close(other);
  const char result = static_cast<char>(probe(kAsked));
  static_cast<void>(::write(kAnswer, &result, 1));
  ::_exit(0);
}

}  // namespace

Liveness probe(int fd) {
  struct statfs status {};
  if (::fstatfs(fd, &status) != 0) return Liveness::kDead;
  return status.f_type == FUSE_SUPER_MAGIC ? Liveness::kAlive : Liveness::kNone;
}

Liveness probe_within_bounds(int fd) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) base::throw_errno("cannot make", "a pipe");
  const base::Fd ours(ends[0]);
  base::Fd theirs(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) base::throw_errno("cannot start a process to ask", "a server");
  if (child == 0) probe_in_child(fd, theirs.get());
  theirs.reset();

  pollfd watched{ours.get(), POLLIN, 0};
  char result = static_cast<char>(Liveness::kStuck);
  if (::poll(&watched, 1, kMilliseconds) == 1 && ::read(ours.get(), &result, 1) == 1) {
    ::waitpid(child, nullptr, 0);
  } else {
    ::kill(child, SIGKILL);
    // Where it cannot even die, it is for init to reap.
    ::waitpid(child, nullptr, WNOHANG);
  }
  return static_cast<Liveness>(result);
}

}  // namespace xar::mount
