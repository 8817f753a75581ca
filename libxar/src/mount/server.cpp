// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "mount/attach.hpp"
#include "mount/record.hpp"
#include "xar/base/error.hpp"
#include "xar/base/log.hpp"
#include "xar/base/title.hpp"

namespace xar::mount {
namespace {

constexpr const char* kName = "xar-server";

// Tells the watching thread that there is nothing left to watch.
constexpr int kStopSignal = SIGUSR1;

sigset_t watched_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, kLeaveWhenUnused, kStopSignal})
    ::sigaddset(&set, signal);
  return set;
}

// Takes the mount away if it is unused. Says once in the system's log what else is in the
// way, for a mount that can never be taken away is nobody's intention.
class Detacher {
 public:
  explicit Detacher(const Duty& duty) : duty_(duty) {}

  bool try_once() {
    const Detached detached = detach(duty_.point, Detach::kIfUnused);
    if (!detached && !detached.is_busy && !std::exchange(has_told_, true)) {
      base::log_error(kName,
                      "cannot unmount: " + duty_.point.native() + ": " + detached.reason);
    }
    return detached.done;
  }

 private:
  const Duty& duty_;
  bool has_told_ = false;
};

// Decides, one time-out after the other, whether the mount is idle. The kernel
// knows what is in use: descriptors, mappings, working directories. It must be
// asked without MNT_DETACH and can then never be wrong.
class IdleWatch {
 public:
  IdleWatch(const Duty& duty, std::uint64_t device, const fuse::Activity& activity,
            Detacher& detacher)
      : duty_(duty), device_(device), activity_(activity), detacher_(detacher) {}

  // To be called once each time-out.
  void tick() {
    if (take_away_if_idle() && duty_.seat != nullptr) duty_.seat->give_up();
  }

 private:
  // Whether the mount has been taken away.
  bool take_away_if_idle() {
    if (!marked_ && !is_ours()) return false;
    if (may_expire_) {
      Expiry expiry = expire(duty_.point);
      // Used since the last tick. The look at the mount, so that a successor at
      // the same path is not marked in our place, wipes the mark out: set it again.
      const bool again = marked_ && expiry == Expiry::kMarked;
      const bool ours = !again || is_ours();
      if (again && ours) expiry = expire(duty_.point);
      marked_ = ours && expiry == Expiry::kMarked;
      may_expire_ = expiry != Expiry::kForbidden;
      if (may_expire_) return expiry == Expiry::kGone;
    }
    const std::uint64_t requests = activity_.requests;
    const bool quiet = requests == requests_before_;
    requests_before_ = requests;
    return quiet && detacher_.try_once();
  }

  [[nodiscard]] bool is_ours() const { return device_at(duty_.point) == device_; }

  const Duty& duty_;
  const std::uint64_t device_;
  const fuse::Activity& activity_;
  Detacher& detacher_;
  bool may_expire_ = true;
  bool marked_ = false;
  std::uint64_t requests_before_ = 0;
};

void leave_politely(const Duty& duty, std::uint64_t device) {
  if (device_at(duty.point) != device) return;
  if (!detach(duty.point, Detach::kIfUnused)) detach(duty.point, Detach::kNow);
  if (duty.seat != nullptr) duty.seat->give_up();
}

// A mount that no launch is to use any more, waiting for its last user to be done. Only
// the kernel knows when, and has to be asked.
class Leaving {
 public:
  Leaving(const Duty& duty, std::uint64_t device, Detacher& detacher)
      : duty_(duty), device_(device), detacher_(detacher) {}

  void begin() {
    if (duty_.seat == nullptr) return leave_politely(duty_, device_);
    duty_.seat->give_up();
    pause_ = kFirstPause;
    tick();
  }

  [[nodiscard]] bool is_under_way() const { return pause_.count() > 0; }
  // Until the next tick.
  [[nodiscard]] timespec pause() const {
    return {static_cast<time_t>(pause_.count() / 1000),
            pause_.count() % 1000 * 1'000'000};
  }

  void tick() {
    pause_ = std::min(2 * pause_, kLongestPause);
    const bool is_there = device_at(duty_.point) == device_;
    if (!is_there || detacher_.try_once()) pause_ = {};
  }

 private:
  using Pause = std::chrono::milliseconds;
  static constexpr Pause kFirstPause{50};
  static constexpr Pause kLongestPause{3200};

  const Duty& duty_;
  const std::uint64_t device_;
  Detacher& detacher_;
  Pause pause_{};
};

// Waits for the time-out or a signal, whichever comes first, until told to stop.
// sigtimedwait measures by the monotonic clock: suspending is not idling.
void watch(const Duty& duty, std::uint64_t device, const fuse::Activity& activity,
           const std::atomic<bool>& is_ending) {
  const sigset_t signals = watched_signals();
  const timespec timeout{static_cast<time_t>(duty.timeout), 0};
  Detacher detacher(duty);
  IdleWatch idle(duty, device, activity, detacher);
  Leaving leaving(duty, device, detacher);
  for (;;) {
    const timespec pause = leaving.is_under_way() ? leaving.pause() : timeout;
    const bool is_bounded = leaving.is_under_way() || duty.timeout > 0;
    const int signal = ::sigtimedwait(&signals, nullptr, is_bounded ? &pause : nullptr);
    if (is_ending) return;
    if (signal == kStopSignal) continue;  // somebody else's
    if (signal == kLeaveWhenUnused) {
      leaving.begin();
    } else if (signal > 0) {
      leave_politely(duty, device);
    } else if (errno == EAGAIN) {
      leaving.is_under_way() ? leaving.tick() : idle.tick();
    }
  }
}

// The watching thread, ended with the scope.
class Watcher {
 public:
  Watcher(const Duty& duty, std::uint64_t device, const fuse::Activity& activity)
      : thread_([&duty, device, &activity, this] {
          watch(duty, device, activity, is_ending_);
        }) {}
  ~Watcher() {
    is_ending_ = true;
    ::pthread_kill(thread_.native_handle(), kStopSignal);
    thread_.join();
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  std::atomic<bool> is_ending_ = false;
  std::thread thread_;
};

// Says once to the system's log what the programs that use the mount cannot know: their
// input/output error names neither the archive nor what to do.
class FaultLog {
 public:
  explicit FaultLog(const Duty& duty) : duty_(duty) {}

  void tell() {
    if (told_.exchange(true)) return;
    base::log_error(kName, "cannot read: " + duty_.archive.native() +
                               ": it or its disk is damaged: see xarexec --verify");
  }

 private:
  const Duty& duty_;
  std::atomic<bool> told_ = false;
};

// All that serves one mount. What of it needs no mount is ready once it exists.
class MountServer {
 public:
  MountServer(image::Image& image, const Duty& duty)
      : duty_(duty),
        faults_(duty),
        record_(duty),
        server_(image, options(), activity()) {}
  MountServer(const MountServer&) = delete;
  MountServer& operator=(const MountServer&) = delete;

  void serve(Attached attached) {
    device_ = attached.number;
    record_.publish(device_);
    server_.serve(std::move(attached.device));
  }

 private:
  [[nodiscard]] fuse::Activity& activity() const { return record_.activity(); }

  fuse::Options options() {
    fuse::Options options = duty_.options;
    options.on_fault = [this] { faults_.tell(); };
    options.on_settled = [this] { settle(); };
    return options;
  }

  // What whoever waits for the mount need not wait for. Without a watcher the mount stays
  // until it is unmounted by hand, which is better than to take it away from its users.
  void settle() {
    base::set_title(kName, std::string(kName) + ": " + duty_.archive.native());
    try {
      watcher_.emplace(duty_, device_, activity());
    } catch (const std::system_error& error) {
      base::log_error(kName, "cannot watch: " + duty_.archive.native() + ": " +
                                 error.what() + ": use xarexec --unmount");
    }
  }

  const Duty& duty_;
  std::uint64_t device_ = 0;
  FaultLog faults_;
  Record record_;
  fuse::Server server_;
  std::optional<Watcher> watcher_;
};

// Runs `body`; what it throws is for the system's log, nobody else listens.
template <typename Body>
auto logged(Body body) {
  try {
    return body();
  } catch (const base::Error& error) {
    base::log_error(kName, error.what());
    throw;
  }
}

}  // namespace

Seat::Seat(const UserFolder& folder, const Place& place, const std::string& identity)
    : folder_(folder),
      place_(place),
      identity_(identity),
      lock_(folder, place),
      directory_(folder.open_file(place.name, O_RDONLY | O_DIRECTORY)) {
  if (directory_) ::flock(directory_.get(), LOCK_SH | LOCK_NB);
}

void Seat::claim(std::uint64_t device) const {
  write_claim(lock_.fd(), {identity_, device, std::nullopt});
}

void Seat::take() const {
  if (lock_.hold()) return;
  throw base::Error("cannot serve", place_.directory(), "another process does");
}

void Seat::clear() const {
  give_up();
  if (!Lock::try_to_take(lock_.fd(), folder_, place_)) return;
  // A server that serves its last users may have a successor at its place, and that one a
  // predecessor, of which in other mount namespaces nothing else tells: removing the
  // directory would end their mounts.
  if (server_of(lock_.fd())) return;
  if (directory_ && ::flock(directory_.get(), LOCK_EX | LOCK_NB) != 0) return;
  folder_.remove(place_);
}

int serve_until_unused(image::Image& image, const Duty& duty,
                       const std::function<std::optional<Attached>()>& mount) {
  // Blocked before any thread exists, so that only the watcher receives them.
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto server = logged([&] {
    if (duty.seat != nullptr) duty.seat->take();
    return std::make_unique<MountServer>(image, duty);
  });
  std::optional<Attached> attached = mount();
  if (!attached) return 0;
  logged([&] { server->serve(std::move(*attached)); });
  // What others find of it goes before its place does.
  server.reset();
  if (duty.seat != nullptr) duty.seat->clear();
  return 0;
}

}  // namespace xar::mount
