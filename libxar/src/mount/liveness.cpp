// SPDX-License-Identifier: BSD-2-Clause
// A request to a stuck server cannot be taken back: no signal but a deadly one ends the
// wait for an answer, and not even that where the server has begun with the request. So
// where one is to be feared a child asks.
#include "mount/liveness.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "mount/proc.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/base/process.hpp"

namespace xar::mount {
namespace {

constexpr int kMilliseconds = 2000;

// The process that asks is a daemon: one that cannot even die must not be one that the
// payload waits for. It says its number before it asks.
Liveness ask_in_child(int fd, const std::function<Liveness(int fd)>& ask) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) base::throw_errno("cannot make", "a pipe");
  const base::Fd ours = base::above_standard_streams(base::Fd(ends[0]));
  base::Fd theirs = base::above_standard_streams(base::Fd(ends[1]));
  const base::Fd asked(fd >= 0 ? ::fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1);
  base::Daemon({theirs.get(), asked.get()}, [&] {
    const pid_t self = ::getpid();
    static_cast<void>(::write(theirs.get(), &self, sizeof self));
    const char result = static_cast<char>(ask(asked.get()));
    return ::write(theirs.get(), &result, 1) == 1 ? 0 : 1;
  }).require();
  theirs.reset();
  pid_t child = 0;
  if (::read(ours.get(), &child, sizeof child) != sizeof child) return Liveness::kStuck;

  pollfd watched{ours.get(), POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&watched, 1, kMilliseconds);
  } while (ready < 0 && errno == EINTR);
  char result = static_cast<char>(Liveness::kStuck);
  if (ready != 1 || ::read(ours.get(), &result, 1) != 1) ::kill(child, SIGKILL);
  return static_cast<Liveness>(result);
}

Liveness probe_as(const std::filesystem::path& point, uid_t owner, gid_t group) {
  const bool is_root = ::geteuid() == 0;
  if (is_root &&
      (::setresgid(group, group, group) != 0 || ::setresuid(owner, owner, owner) != 0)) {
    return Liveness::kAlive;
  }
  return probe(point);
}

}  // namespace

Liveness probe(int fd) {
  struct statfs status {};
  if (::fstatfs(fd, &status) != 0) return Liveness::kDead;
  return status.f_type == FUSE_SUPER_MAGIC ? Liveness::kAlive : Liveness::kNone;
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
  const char state = server > 0 ? state_of(server) : '\0';
  return state == 'S' || state == 'R' ? probe(fd) : probe_within_bounds(fd);
}

}  // namespace xar::mount
