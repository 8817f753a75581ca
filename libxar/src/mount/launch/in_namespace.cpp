// SPDX-License-Identifier: BSD-2-Clause
// Mounting without a right to: a server in a user and mount namespace of its own, where
// it may, and launches that enter these. The kernel names the server, as the
// holder of the lock on the lock file; through a descriptor of that process its
// namespaces are entered, so that no other process's ever are.
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

#include "mount/launch/namespace_point.hpp"
#include "mount/place/alternative_slot.hpp"
#include "mount/place/limited.hpp"
#include "mount/place/locate.hpp"
#include "mount/place/lock_file.hpp"
#include "mount/place/user_folder.hpp"
#include "mount/server/attach.hpp"
#include "mount/server/liveness.hpp"
#include "mount/server/start_server.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/limits.hpp"
#include "xar/base/proc.hpp"
#include "xar/base/process.hpp"
#include "xar/base/wait.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {
namespace {

// Mounts in namespaces have their own slots, because they are not visible from outside.
MountSlot slot_in_namespace(const MountSlot& shared) {
  MountSlot slot = limited(shared).value_or(shared);
  slot.name += ".userns";
  return slot;
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
bool resume(pid_t server) {
  if (server <= 0) return true;
  ::kill(server, SIGCONT);
  return base::process_state(server) != 't';
}

base::Fd open_server(int lock_file) {
  const auto server = server_of(lock_file);
  if (!server || *server <= 0) return base::Fd();
  base::Fd process(static_cast<int>(::syscall(SYS_pidfd_open, *server, 0)));
  // Still the same: then the descriptor is of it, and not of one that has its number now.
  if (!process || server_of(lock_file) != server || !resume(*server)) return base::Fd();
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
bool enter_namespaces(int process) {
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
std::optional<Pinned> pin_inside(const MountSlot& slot, const Archive& archive) {
  const auto folder = UserFolder::open(slot);
  if (folder) {
    const auto content = read_lock_file(*folder, slot);
    if (!content || !content->is_of(archive)) return std::nullopt;
    auto found = find_namespace_point(slot, content->device);
    if (found && probe_server(found->fd.get(), *content->server) == Liveness::kAlive) {
      return Pinned{std::move(found->fd), std::move(found->path), false};
    }
  }
  return std::nullopt;
}

std::optional<Pinned> pin_existing(const MountSlot& slot, const Archive& archive) {
  const auto folder = UserFolder::open(slot);
  if (!folder) return std::nullopt;
  const base::Fd lock = folder->open_file(slot.lock_name(), O_RDONLY);
  if (!lock) return std::nullopt;
  const auto content = read_lock_file(*folder, slot);
  if (!content || !content->is_of(archive) || content->device == 0) return std::nullopt;
  const base::Fd process = open_server(lock.get());
  if (!process || !enter_namespaces(process.get())) return std::nullopt;
  return pin_inside(slot, archive);
}

// The server's process: says on `report` what keeps it from serving, or nothing.
int serve_in_namespace(const MountSlot& slot, const Archive& archive,
                       const ServeOptions& common, base::Fd report) {
  try {
    make_namespaces();
    const auto folder = UserFolder::open(slot);
    if (!folder) throw base::SystemError(ENOENT, "cannot open", slot.user_folder);
    const NamespacePoint point = make_namespace_point(*folder, slot);
    const SlotLease lease(*folder, slot, archive.identity);
    ServeOptions options = common;
    options.point = point.path;
    options.directory = point.fd.get();
    options.lease = &lease;
    options.by_helper = false;
    options.own_namespace = true;
    return become_server(archive, options, [&report] { report.reset(); });
  } catch (const base::Error& error) {
    if (report) {
      const std::string text =
          static_cast<char>(error.kind()) + std::string(error.what());
      static_cast<void>(::write(report.get(), text.data(), text.size()));
    }
    throw;
  }
}

// What the server's process says until it closes the pipe: the failure's kind in one
// byte, and its sentence.
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
  return static_cast<char>(base::Errc::kBusy) + std::string("it does not answer");
}

void start_server_in_namespace(const MountSlot& slot, const Archive& archive,
                               const MountContext& context) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) base::throw_errno("cannot make", "a pipe");
  const base::Fd ours = base::above_standard_streams(base::Fd(ends[0]));
  base::Fd theirs = base::above_standard_streams(base::Fd(ends[1]));
  ServeOptions options;
  options.timeout = context.timeout;
  options.has_seed = has_seed(context);
  Archive absolute = archive;
  absolute.path = name_of(archive);
  base::Daemon server({archive.fd, theirs.get()}, [&] {
    return serve_in_namespace(slot, absolute, options, std::move(theirs));
  });
  server.require();
  theirs.reset();
  const std::string report = read_report(ours.get());
  if (!report.empty()) {
    throw base::Error(static_cast<base::Errc>(report.front()),
                      "no mount in a namespace of its own", archive.path,
                      report.substr(1));
  }
}

// Removes what is at the slot, unless a server that is on its way out, in a namespace
// that is not seen from here, still has its mount there.
void remove_unused(const UserFolder& folder, const MountSlot& slot) {
  const base::Fd point = folder.open_file(slot.name, O_RDONLY | O_DIRECTORY);
  if (!point || ::flock(point.get(), LOCK_EX | LOCK_NB) == 0) folder.remove(slot);
}

// Waits until the server at the slot has given it up, for a moment at most: one whose
// mount has just been taken away needs that long to notice. Whether it has.
bool wait_until_released(const MountSlot& slot) {
  using namespace std::chrono_literals;
  const auto holder = [&slot]() -> std::optional<pid_t> {
    const auto folder = UserFolder::open(slot);
    if (!folder) return std::nullopt;
    const base::Fd lock = folder->open_file(slot.lock_name(), O_RDONLY);
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

// Makes sure that the mount is at the slot, unless that is another archive's.
Found ensure_server(const MountSlot& slot, const Archive& archive,
                    const MountContext& context) {
  const UserFolder folder = UserFolder::ensure(slot);
  Lock lock(folder, slot);
  try {
    const auto content = read_lock_file(folder, slot);
    if (content && content->server) {
      if (content->device != 0 && resume(*content->server)) {
        return content->identity == archive.identity ? Found::kThere : Found::kTaken;
      }
      lock.renew(folder, slot);
    }
    static_cast<void>(folder.ensure_mount_point(slot));
    start_server_in_namespace(slot, archive, context);
    return Found::kMade;
  } catch (...) {
    remove_unused(folder, slot);
    throw;
  }
}

// Mounts in namespaces that no other launch enters. The calling process makes them, and
// so stays in its working directory, whatever that is.
Pinned mount_in_own_namespace(const MountSlot& slot, const Archive& archive,
                              const MountContext& context) {
  static_cast<void>(UserFolder::ensure(slot).ensure_mount_point(slot));
  Archive named = archive;
  named.path = name_of(archive);
  make_namespaces();
  ServeOptions options;
  options.point = slot.directory();
  options.timeout = context.timeout;
  options.by_helper = false;
  start_server(named, options);
  // Opened anew: a descriptor from before leads to the directories of the other
  // namespace.
  const auto folder = UserFolder::open(slot);
  if (folder) {
    base::Fd fd = folder->open_directory(slot.name);
    if (fd && probe(fd.get()) == Liveness::kAlive) {
      return {std::move(fd), slot.directory(), true};
    }
  }
  throw_server_died(slot.directory());
}

}  // namespace

std::optional<Pinned> pin_in_namespace(const std::vector<MountSlot>& slots,
                                       const Archive& archive) {
  // Who has entered a namespace cannot leave it.
  if (slots.empty() || !has_same_ids() || !can_return_to_directory()) {
    return std::nullopt;
  }
  for (const MountSlot& slot : slots) {
    const MountSlot own = slot_in_namespace(slot);
    for (const MountSlot& candidate : {own, alternative_slot(own, archive)}) {
      try {
        if (auto pinned = pin_existing(candidate, archive)) return pinned;
      } catch (const base::Error&) {
        // Not a folder that we use; what is wrong with it says ensure_in_namespace().
        continue;
      }
    }
  }
  return std::nullopt;
}

Pinned ensure_in_namespace(const MountSlot& at, const Archive& archive,
                           const MountContext& context) {
  require_same_ids();
  const base::RaisedLimits raised;
  const MountSlot own = slot_in_namespace(at);
  if (!can_return_to_directory()) {
    return mount_in_own_namespace(own, archive, context);
  }
  // A mount that is there may go away before it is entered, or after: then the next is
  // made, once its server has gone too, in a namespace below that one.
  constexpr int kAttempts = 3;
  for (int i = 0; i < kAttempts; ++i) {
    MountSlot slot = own;
    Found found = ensure_server(slot, archive, context);
    if (found == Found::kTaken) {
      slot = alternative_slot(own, archive);
      found = ensure_server(slot, archive, context);
    }
    if (found == Found::kTaken) {
      throw base::Error("cannot mount on", slot.directory(), "another archive is there");
    }
    if (auto pinned = pin_existing(slot, archive)) {
      pinned->fresh = found == Found::kMade;
      return std::move(*pinned);
    }
    if (!wait_until_released(slot)) break;
  }
  throw base::Error("cannot enter_namespaces the namespace of", archive.path,
                    "its server is gone, or setns is forbidden here");
}

}  // namespace xar::mount
