// SPDX-License-Identifier: BSD-2-Clause
// A request to a stuck server cannot be taken back: no signal but a deadly one ends the
// wait for an answer, and not even that where the server has begun with the request. So
// where one is to be feared a child asks.
#include "mount/server/liveness.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <functional>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/base/proc.hpp"
#include "xar/base/process.hpp"
#include "xar/base/wait.hpp"

namespace xar::mount {
namespace {

constexpr std::chrono::seconds kPatience{2};

// Ends `process`, which has not ended yet: it has the pipe open whose end would have been
// seen. Through a descriptor, which is of no other process.
void kill_process(int process_fd, pid_t process) {
  if (process_fd < 0 ||
      ::syscall(SYS_pidfd_send_signal, process_fd, SIGKILL, nullptr, 0) != 0) {
    ::kill(process, SIGKILL);
  }
}

// The process that asks is a daemon: one that cannot even die must not be one that the
// payload waits for. It says its number before it asks.
Liveness ask_in_child(int fd, const std::function<Liveness(int fd)>& ask) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) base::throw_errno("cannot make", "a pipe");
  const base::Fd ours = base::above_standard_streams(base::Fd(ends[0]));
  base::Fd theirs = base::above_standard_streams(base::Fd(ends[1]));
  const base::Fd asked(fd >= 0 ? ::fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1);
  base::Daemon daemon({theirs.get(), asked.get()}, [&] {
    const pid_t self = ::getpid();
    static_cast<void>(::write(theirs.get(), &self, sizeof self));
    const char result = static_cast<char>(ask(asked.get()));
    return ::write(theirs.get(), &result, 1) == 1 ? 0 : 1;
  });
  daemon.require();
  theirs.reset();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  pid_t child = 0;
  if (!base::wait_until_readable(ours.get(), deadline) ||
      ::read(ours.get(), &child, sizeof child) != sizeof child) {
    return Liveness::kStuck;
  }
  const base::Fd process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  char result = static_cast<char>(Liveness::kStuck);
  if (!base::wait_until_readable(ours.get(), deadline)) {
    kill_process(process.get(), child);
  } else if (::read(ours.get(), &result, 1) == 1) {
    daemon.wait();
  }
  return static_cast<Liveness>(result);
}

Liveness probe_as(const std::filesystem::path& point, uid_t owner, gid_t group) {
  const bool is_root = ::geteuid() == 0;
  if (is_root &&
      (::setresgid(group, group, group) != 0 || ::setresuid(owner, owner, owner) != 0)) {
    return Liveness::kForbidden;
  }
  return probe(point);
}

}  // namespace

Liveness probe(int fd) {
  struct statfs status {};
  if (::fstatfs(fd, &status) != 0) {
    // Any other error is an answer, if only that memory is short.
    const bool is_dead = errno == ENOTCONN || errno == ECONNABORTED;
    return is_dead ? Liveness::kDead : Liveness::kAlive;
  }
  if (status.f_type != FUSE_SUPER_MAGIC) return Liveness::kNone;
  // To a process that it keeps out the kernel says nothing but the type, and does not ask
  // the server.
  return status.f_bsize == 0 ? Liveness::kForbidden : Liveness::kAlive;
}

Liveness probe(const std::filesystem::path& point) {
  const base::Fd fd(::open(point.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return fd ? probe(fd.get()) : Liveness::kNone;
}

Liveness probe_within_bounds(int fd) {
  return ask_in_child(fd, [](int same) { return probe(same); });
}

Liveness probe_within_bounds(const std::filesystem::path& point, uid_t owner,
                             gid_t group) {
  return ask_in_child(-1, [&](int) { return probe_as(point, owner, group); });
}

Liveness probe_server(int fd, pid_t server) {
  if (server > 0) ::kill(server, SIGCONT);
  const char state = server > 0 ? base::process_state(server) : '\0';
  return state == 'S' || state == 'R' ? probe(fd) : probe_within_bounds(fd);
}

}  // namespace xar::mount
