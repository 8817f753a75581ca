// SPDX-License-Identifier: BSD-2-Clause
// Mounting without a right to: a server in a user and mount namespace of its own, where
// it may, and launches that enter these. The kernel names the server, as the holder of
// the lock on the lock file; through a descriptor of that process its namespaces are
// entered, so that no other process's ever are.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>

#include "mount/attach.hpp"
#include "mount/claim.hpp"
#include "mount/ensure.hpp"
#include "mount/folder.hpp"
#include "mount/limited.hpp"
#include "mount/liveness.hpp"
#include "mount/locate.hpp"
#include "mount/mount_on.hpp"
#include "mount/private_point.hpp"
#include "mount/proc.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/limits.hpp"
#include "xar/base/process.hpp"
#include "xar/base/wait.hpp"
#include "xar/mount.hpp"

namespace xar::mount {
namespace {

// Such mounts have names of their own: from outside nothing is to be seen of them.
Place hidden(const Place& shared) {
  Place place = limited(shared).value_or(shared);
  place.name += ".userns";
  return place;
}

void write_file(const char* path, const std::string& text) {
  const base::Fd fd = base::open_file(path, O_WRONLY);
  // The kernel takes such a file whole and only from its start.
  if (::write(fd.get(), text.data(), text.size()) < 0) {
    base::throw_errno("cannot write", path);
  }
}

// The namespaces, in which the caller is who it was.
void make_namespaces() {
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    base::throw_errno("cannot make", "a user namespace");
  }
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", user + " " + user + " 1");
  write_file("/proc/self/gid_map", group + " " + group + " 1");
  // Who enters has to be allowed to look at this process.
  ::prctl(PR_SET_DUMPABLE, 1);
}

// Continues a server that has been stopped. Whether that helps: one that a debugger has
// stopped does not answer, and who enters its namespace cannot leave it.
bool goes_on(pid_t server) {
  if (server <= 0) return true;
  ::kill(server, SIGCONT);
  return state_of(server) != 't';
}

base::Fd open_server(int lock_file) {
  const auto server = server_of(lock_file);
  if (!server || *server <= 0) return base::Fd();
  base::Fd process(static_cast<int>(::syscall(SYS_pidfd_open, *server, 0)));
  // Still the same: then the descriptor is of it, and not of one that has its number now.
  if (!process || server_of(lock_file) != server || !goes_on(*server)) return base::Fd();
  return process;
}

// Whether the working directory can be entered by its name, as it has to be after a
// change of the mount namespace: it has not been removed, its name is not too long, and
// the caller may search its parents.
bool can_return_to_directory() {
  const std::unique_ptr<char, decltype(&::free)> name(::getcwd(nullptr, 0), ::free);
  struct stat here {};
  struct stat named {};
  return name && ::stat(".", &here) == 0 && ::stat(name.get(), &named) == 0 &&
         here.st_dev == named.st_dev && here.st_ino == named.st_ino &&
         ::access(name.get(), X_OK) == 0;
}

// Enters the namespaces of `process` and stays in the working directory. Whether it may.
bool enter(int process) {
  char* directory = ::getcwd(nullptr, 0);
  const base::Fd before(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  const bool entered = ::setns(process, CLONE_NEWUSER | CLONE_NEWNS) == 0;
  // By its name, for it is to be the one of the namespace's.
  if (entered && (directory == nullptr || ::chdir(directory) != 0) && before) {
    static_cast<void>(::fchdir(before.get()));
  }
  ::free(directory);
  return entered;
}

// The mount, for a process that has entered its namespace, if it has not just gone away.
std::optional<Pinned> pin_inside(const Place& place, const Archive& archive) {
  const auto folder = UserFolder::open(place);
  if (folder) {
    const auto claim = read_claim(*folder, place);
    if (!claim || !claim->is_of(archive)) return std::nullopt;
    auto found = find_private_point(place, claim->device);
    if (found && probe_server(found->fd.get(), *claim->server) == Liveness::kAlive) {
      return Pinned{std::move(found->fd), std::move(found->path), false};
    }
  }
  return std::nullopt;
}

std::optional<Pinned> pin_hidden(const Place& place, const Archive& archive) {
  const auto folder = UserFolder::open(place);
  if (!folder) return std::nullopt;
  const base::Fd lock = folder->open_file(place.lock_name(), O_RDONLY);
  if (!lock) return std::nullopt;
  const auto claim = read_claim(*folder, place);
  if (!claim || !claim->is_of(archive) || claim->device == 0) return std::nullopt;
  const base::Fd process = open_server(lock.get());
  if (!process || !enter(process.get())) return std::nullopt;
  return pin_inside(place, archive);
}

// The server's process: says on `report` what keeps it from serving, or nothing.
int serve_hidden(const Place& place, const Archive& archive, const Terms& common,
                 base::Fd report) {
  try {
    make_namespaces();
    const auto folder = UserFolder::open(place);
    if (!folder) throw base::SystemError(ENOENT, "cannot open", place.user_folder);
    const PrivatePoint point = make_private_point(*folder, place);
    const Seat seat(*folder, place, archive.identity);
    Terms terms = common;
    terms.point = point.path;
    terms.directory = point.fd.get();
    terms.seat = &seat;
    terms.by_helper = false;
    terms.own_namespace = true;
    return serve_on(archive, terms, [&report] { report.reset(); });
  } catch (const base::Error& error) {
    if (report) {
      const std::string text = error.what();
      static_cast<void>(::write(report.get(), text.data(), text.size()));
    }
    throw;
  }
}

// What the server's process says until it closes the pipe.
std::string read_report(int fd) {
  std::string text;
  char buffer[512];
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (base::wait_until_readable(fd, deadline)) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return "it does not answer";
}

void start_hidden(const Place& place, const Archive& archive,
                  const Surroundings& surroundings) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) base::throw_errno("cannot make", "a pipe");
  const base::Fd ours = base::above_standard_streams(base::Fd(ends[0]));
  base::Fd theirs = base::above_standard_streams(base::Fd(ends[1]));
  Terms terms;
  terms.timeout = surroundings.timeout;
  terms.has_seed = has_seed(surroundings);
  Archive absolute = archive;
  absolute.path = name_of(archive);
  base::Daemon server({archive.fd, theirs.get()}, [&] {
    return serve_hidden(place, absolute, terms, std::move(theirs));
  });
  server.require();
  theirs.reset();
  const std::string report = read_report(ours.get());
  if (!report.empty()) {
    throw base::Error("no mount in a namespace of its own", archive.path, report);
  }
}

// Removes what is at the place, unless a server that is on its way out, in a namespace
// that is not seen from here, still has its mount there.
void remove_unused(const UserFolder& folder, const Place& place) {
  const base::Fd point = folder.open_file(place.name, O_RDONLY | O_DIRECTORY);
  if (!point || ::flock(point.get(), LOCK_EX | LOCK_NB) == 0) folder.remove(place);
}

// Waits until the server at the place has given it up, for a moment at most: one whose
// mount has just been taken away needs that long to notice. Whether it has.
bool wait_until_given_up(const Place& place) {
  using namespace std::chrono_literals;
  const auto holder = [&place]() -> std::optional<pid_t> {
    const auto folder = UserFolder::open(place);
    if (!folder) return std::nullopt;
    const base::Fd lock = folder->open_file(place.lock_name(), O_RDONLY);
    return lock ? server_of(lock.get()) : std::nullopt;
  };
  const auto leaving = holder();
  const auto until = std::chrono::steady_clock::now() + 2s;
  while (leaving && holder() == leaving) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

enum class Found { kMade, kThere, kTaken };

// Makes sure that the mount is at the place, unless that is another archive's.
Found ensure_hidden(const Place& place, const Archive& archive,
                    const Surroundings& surroundings) {
  const UserFolder folder = UserFolder::ensure(place);
  Lock lock(folder, place);
  try {
    const auto claim = read_claim(folder, place);
    if (claim && claim->server) {
      if (claim->device != 0 && goes_on(*claim->server)) {
        return claim->identity == archive.identity ? Found::kThere : Found::kTaken;
      }
      lock.renew(folder, place);
    }
    static_cast<void>(folder.ensure_mount_point(place));
    start_hidden(place, archive, surroundings);
    return Found::kMade;
  } catch (...) {
    remove_unused(folder, place);
    throw;
  }
}

// Mounts in namespaces that no other launch enters. The calling process makes them, and
// so stays in its working directory, whatever that is.
Pinned mount_in_own_namespace(const Place& place, const Archive& archive,
                              const Surroundings& surroundings) {
  static_cast<void>(UserFolder::ensure(place).ensure_mount_point(place));
  Archive named = archive;
  named.path = name_of(archive);
  make_namespaces();
  Terms terms;
  terms.point = place.directory();
  terms.timeout = surroundings.timeout;
  terms.by_helper = false;
  mount_on(named, terms);
  // Opened anew: a descriptor from before leads to the directories of the other
  // namespace.
  const auto folder = UserFolder::open(place);
  if (folder) {
    base::Fd fd = folder->open_directory(place.name);
    if (fd && probe(fd.get()) == Liveness::kAlive) {
      return {std::move(fd), place.directory(), true};
    }
  }
  throw_server_died(place.directory());
}

}  // namespace

std::optional<Pinned> pin_in_namespace(const std::vector<Place>& places,
                                       const Archive& archive) {
  // Who has entered a namespace cannot leave it.
  if (places.empty() || !has_same_ids() || !can_return_to_directory()) {
    return std::nullopt;
  }
  for (const Place& place : places) {
    const Place own = hidden(place);
    for (const Place& candidate : {own, beside(own, archive)}) {
      try {
        if (auto pinned = pin_hidden(candidate, archive)) return pinned;
      } catch (const base::Error&) {
        // Not a folder that we use; what is wrong with it says ensure_in_namespace().
        continue;
      }
    }
  }
  return std::nullopt;
}

Pinned ensure_in_namespace(const Place& at, const Archive& archive,
                           const Surroundings& surroundings) {
  require_same_ids();
  const base::RaisedLimits raised;
  const Place own = hidden(at);
  if (!can_return_to_directory()) {
    return mount_in_own_namespace(own, archive, surroundings);
  }
  // A mount that is there may go away before it is entered, or after: then the next is
  // made, once its server has gone too, in a namespace below that one.
  constexpr int kAttempts = 3;
  for (int i = 0; i < kAttempts; ++i) {
    Place place = own;
    Found found = ensure_hidden(place, archive, surroundings);
    if (found == Found::kTaken) {
      place = beside(own, archive);
      found = ensure_hidden(place, archive, surroundings);
    }
    if (found == Found::kTaken) {
      throw base::Error("cannot mount on", place.directory(), "another archive is there");
    }
    if (auto pinned = pin_hidden(place, archive)) {
      pinned->fresh = found == Found::kMade;
      return std::move(*pinned);
    }
    if (!wait_until_given_up(place)) break;
  }
  throw base::Error("cannot enter the namespace of", archive.path,
                    "its server is gone, or setns is forbidden here");
}

}  // namespace xar::mount
