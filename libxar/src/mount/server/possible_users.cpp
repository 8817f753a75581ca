// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/possible_users.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>

#include "mount/system/cgroup.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/proc.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxProcesses = 1 << 20;  // bytes of text
constexpr const char* kServer = "xar-server";

// What a search has found: a process; 0: one that cannot be named; nothing: none is left.
using Found = std::optional<pid_t>;
constexpr pid_t kUnknown = 0;

// Whether the process is one that counts: alive, and no server.
bool counts(pid_t process) {
  const auto status = base::process_status(process);
  return status && process != ::getpid() && status->state != 'Z' &&
         status->name != kServer;
}

// /proc may be that of another PID namespace, or show only some of the processes.
bool proc_is_own() {
  const auto own = base::process_status(::getpid());
  return own && base::read_link("/proc/self") == std::to_string(::getpid());
}

template <typename Predicate>
Found find_process(Predicate predicate) {
  Found found;
  base::for_each_process([&](pid_t process, const fs::path& folder) {
    if (!found && counts(process) && predicate(process, folder)) found = process;
  });
  return found;
}

// The init process of the machine waits for nobody in particular.
bool is_first_pid_namespace() {
  constexpr ino_t kFirst = 0xEFFFFFFC;  // the kernel's PROC_PID_INIT_INO
  struct stat status {};
  return ::stat("/proc/self/ns/pid", &status) != 0 || status.st_ino == kFirst;
}

// A process that the one which waits for this server waits for, too: another child of a
// subreaper, any process of a PID namespace whose init has the server for a child.
Found beside_parent() {
  const auto own = base::process_status(::getpid());
  const pid_t parent = ::getppid();
  // A parent that is not told of the end does not wait for it.
  if (!own || own->exit_signal == 0 || parent == 0) return kUnknown;
  if (parent == 1) {
    if (is_first_pid_namespace()) return kUnknown;
    return find_process([](pid_t process, const fs::path&) { return process != 1; });
  }
  return find_process([parent](pid_t process, const fs::path&) {
    const auto status = base::process_status(process);
    return status && status->parent == parent;
  });
}

// Another process of the cgroup at `directory`.
Found in_cgroup(const fs::path& directory) {
  std::string text;
  try {
    text = base::read_text(directory / "cgroup.procs", kMaxProcesses);
  } catch (const base::SystemError&) {
    return kUnknown;
  }
  const char* next = text.data();
  const char* const end = next + text.size();
  while (next < end) {
    pid_t process = 0;
    const auto parsed = std::from_chars(next, end, process);
    // Zero: a process outside of this PID namespace.
    if (parsed.ec != std::errc() || process == 0 || counts(process)) return process;
    next = parsed.ptr + 1;
  }
  return std::nullopt;
}

// Another process of this one's cgroup. Of the roots nobody waits for the last process.
Found in_own_cgroup() {
  for (const Cgroup& group : read_cgroups()) {
    if (group.path != "/") return in_cgroup(group.directory());
  }
  return kUnknown;
}

// Whether a process that may not be looked at counts as one of the mount namespace. It
// can be in any where this process is in the user namespace of all others. Root may look
// at nearly all: the few that have more rights than it are no users of its mounts.
bool hidden_processes_count() {
  if (::geteuid() == 0) return false;
  try {
    const std::string map = base::read_text("/proc/self/uid_map", 4096);
    return map.find("4294967295") != map.npos;
  } catch (const base::SystemError&) {
    return true;
  }
}

// Another process of this one's mount namespace.
Found in_mount_namespace() {
  const std::string own = base::read_link("/proc/self/ns/mnt");
  if (own.empty()) return kUnknown;
  const bool hidden_count = hidden_processes_count();
  return find_process([&](pid_t, const fs::path& folder) {
    const std::string other = base::read_link(folder / "ns/mnt");
    return other.empty() ? hidden_count : other == own;
  });
}

}  // namespace

bool PossibleUsers::look() {
  // A process that is found may end before it is watched.
  constexpr int kAttempts = 10;
  for (int i = 0; i < kAttempts; ++i) {
    ends_.clear();
    const std::vector<Found> found = find();
    if (std::any_of(found.begin(), found.end(), [](const Found& f) { return !f; })) {
      return false;
    }
    if (std::all_of(found.begin(), found.end(),
                    [this](const Found& f) { return watch(*f); }))
      break;
  }
  return true;
}

void PossibleUsers::watch_parent() {
  ends_.clear();
  watch(::getppid());
}

// One process of each kind.
std::vector<std::optional<pid_t>> PossibleUsers::find() const {
  std::vector<Found> found;
  if (!proc_is_own()) return found;
  // Launches enter the namespace of a mount that has one of its own.
  if (!options_.own_namespace) found.push_back(in_mount_namespace());
  // Who has been given the path of the mount, or the word in its name, may come from
  // another PID namespace or cgroup.
  if (options_.timeout > 0 && !options_.has_seed &&
      !options_.lease->is_path_given(device_)) {
    found.push_back(in_own_cgroup());
    found.push_back(beside_parent());
  }
  return found;
}

// False: it has ended.
bool PossibleUsers::watch(pid_t process) {
  if (process <= 0) return true;
  base::Fd end(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  if (!end) return errno != ESRCH;
  ends_.push_back(std::move(end));
  return true;
}

}  // namespace xar::mount
