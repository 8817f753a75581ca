// SPDX-License-Identifier: BSD-2-Clause
// Taking mounts away: those of this mount namespace directly, those of another by asking
// their servers.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

#include "mount/place/lock_file.hpp"
#include "mount/server/attach.hpp"
#include "mount/server/server.hpp"
#include "mount/server/status_page.hpp"
#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/mount_table.hpp"
#include "xar/base/proc.hpp"
#include "xar/base/process_handle.hpp"
#include "xar/mount/list.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(5);
// For a server to end whose mount is gone, but not the copies that namespaces have of it.
constexpr auto kGrace = std::chrono::seconds(1);

// "1234 (bash), 1240 (vim) and 7 others"
std::string enumerated(const std::vector<UsingProcess>& users) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(users.size(), kShown); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(users[i].pid) + " (" + users[i].command + ")";
  }
  if (users.size() > kShown) {
    text += " and " + std::to_string(users.size() - kShown) + " others";
  }
  return text;
}

[[noreturn]] void refuse(const Mounted& mounted, const std::string& reason) {
  throw base::Error("cannot unmount", mounted.point, reason);
}

void refuse_if_used(const Mounted& mounted) {
  const std::vector<UsingProcess> users = find_processes_using({mounted}).front();
  if (users.empty()) return;
  throw base::Error(base::Errc::kInUse, "cannot unmount", mounted.point,
                    "in use by " + enumerated(users));
}

base::Fd open_lock_file(const fs::path& path) {
  return base::Fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

// Whether launches find the server by the lock file of its slot.
bool has_place(const Server& server) {
  const base::Fd lock = open_lock_file(server.lock_file);
  return lock && server_of(lock.get()) == server.pid;
}

// Whether the server's mount is in its mount namespace's table; also where this process
// may not look.
bool is_in_own_table(const Server& server) {
  try {
    const auto table = base::read_mount_table_of(server.pid);
    return std::any_of(table.begin(), table.end(),
                       [&](const base::MountTableEntry& entry) {
                         return entry.device == server.device;
                       });
  } catch (const base::SystemError&) {
    return true;
  }
}

// Whether the server takes the same mount away that this process sees, and not a copy.
bool is_in_same_namespace(const Server& server) {
  const std::string own = base::read_link("/proc/self/ns/mnt");
  return !own.empty() &&
         own == base::read_link("/proc/" + std::to_string(server.pid) + "/ns/mnt");
}

// The server of a mount that launches share, if it can be asked to let go of it. One that
// has just been started does not describe itself yet: the lock file names it. One that
// has let go of it already is asked again, which does no harm.
std::optional<Server> server_for_launches(const Mounted& mounted) {
  const fs::path path =
      mounted.point.parent_path() / ("lockfile." + mounted.point.filename().native());
  const base::Fd lock = open_lock_file(path);
  if (!lock || mounted.service != Service::kServed) return std::nullopt;
  Server server;
  server.pid = mounted.server ? mounted.server->pid : server_of(lock.get()).value_or(0);
  server.device = mounted.device;
  server.point = mounted.point;
  server.lock_file = path;
  if (server.pid <= 0 || !is_in_same_namespace(server)) return std::nullopt;
  return server;
}

// A mount whose server has been asked to take it away.
class Asked {
 public:
  Asked(const Mounted& mounted, Server server, bool lazily)
      : mounted_(&mounted),
        server_(std::move(server)),
        lazily_(lazily),
        process_(server_.pid) {}

  [[nodiscard]] const Mounted& mounted() const { return *mounted_; }
  [[nodiscard]] const Server& server() const { return server_; }

  // Whether it is to be waited for: not where all that is left are copies of the mount in
  // other mount namespaces.
  bool ask() {
    if (!is_in_own_table(server())) return false;
    // Somebody may have begun to use it since the look at its users.
    if (!process_.send(kLeaveWhenUnused) && !process_.has_ended()) {
      refuse(*mounted_, "its server, process " + std::to_string(server().pid) +
                            ", belongs to another user");
    }
    process_.send(SIGCONT);  // in case it has been stopped
    return true;
  }

  bool is_done() {
    if (process_.has_ended()) return true;
    if (lazily_) return !has_place(server());
    if (!gone_since_) {
      if (is_in_own_table(server())) return false;
      gone_since_ = Clock::now();
    }
    return Clock::now() - *gone_since_ > kGrace;
  }

 private:
  const Mounted* mounted_;
  Server server_;
  bool lazily_;
  base::ProcessHandle process_;
  std::optional<Clock::time_point> gone_since_;
};

// Takes the mounts of one call away.
class Unmounting {
 public:
  explicit Unmounting(bool lazily) : lazily_(lazily) {}

  void begin(const Mounted& mounted) {
    if (::geteuid() != 0 && mounted.owner != ::geteuid()) {
      refuse(mounted, "it belongs to another user, " + std::to_string(mounted.owner));
    }
    if (mounted.service == Service::kElsewhere) {
      if (!lazily_) refuse_if_used(mounted);
      ask(mounted, *mounted.server);
    } else {
      take_away(mounted);
    }
  }

  // The servers leave at the same time.
  void wait(const std::function<void(std::exception_ptr)>& failed) {
    constexpr auto kPause = std::chrono::milliseconds(2);
    const auto until = Clock::now() + kPatience;
    for (;;) {
      std::erase_if(asked_, [](Asked& asked) { return asked.is_done(); });
      if (asked_.empty() || Clock::now() > until) break;
      std::this_thread::sleep_for(kPause);
    }
    for (const Asked& asked : asked_) {
      try {
        if (!lazily_) refuse_if_used(asked.mounted());
        refuse_silence(asked);
      } catch (const base::Error&) {
        failed(std::current_exception());
      }
    }
  }

 private:
  void ask(const Mounted& mounted, const Server& server) {
    Asked asked(mounted, server, lazily_);
    if (asked.ask()) asked_.push_back(std::move(asked));
  }

  void take_away(const Mounted& mounted) {
    if (device_at(mounted.point) != mounted.device) {
      refuse(mounted, "it is gone, or something else is mounted over it");
    }
    Detached detached;
    const bool answers = mounted.service == Service::kServed;
    if (!lazily_ || answers) detached = detach(mounted.point, Detach::kIfUnused);
    if (detached) return;
    if (!lazily_) {
      refuse_if_used(mounted);
      refuse(mounted, detached.reason);
    }
    // Programs that run from it find their files by path: it stays for them.
    const auto server = server_for_launches(mounted);
    if (detached.is_busy && server) return ask(mounted, *server);
    detached = detach(mounted.point, Detach::kNow);
    if (!detached) refuse(mounted, detached.reason);
  }

  [[noreturn]] static void refuse_silence(const Asked& asked) {
    refuse(asked.mounted(), "its server, process " + std::to_string(asked.server().pid) +
                                ", does not take it away: kill -9 it");
  }

  const bool lazily_;
  std::vector<Asked> asked_;
};

}  // namespace

void unmount(const std::vector<Mounted>& mounts, bool lazily,
             const std::function<void(std::exception_ptr)>& failed) {
  Unmounting unmounting(lazily);
  for (const Mounted& mounted : mounts) {
    try {
      unmounting.begin(mounted);
    } catch (const base::Error&) {
      failed(std::current_exception());
    }
  }
  unmounting.wait(failed);
}

void unmount(const Mounted& mounted, bool lazily) {
  unmount(std::vector{mounted}, lazily,
          [](const std::exception_ptr& error) { std::rethrow_exception(error); });
}

}  // namespace xar::mount
