// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/watcher.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "mount/server/attach.hpp"
#include "mount/server/idle_clock.hpp"
#include "mount/server/possible_users.hpp"
#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/log.hpp"

namespace xar::mount {
namespace {

// The monotonic clock: suspending the machine is not idling.
using Clock = std::chrono::steady_clock;

// Tells the thread that there is nothing left to watch.
constexpr int kStopSignal = SIGUSR1;

// Who runs archives one after the other, as the first process of a container, finds the
// mount of the run before.
constexpr std::chrono::milliseconds kGrace{200};

// Between attempts to take away a mount whose last user is waited for.
constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{3200};

base::Fd open_signals() {
  const sigset_t signals = watched_signals();
  base::Fd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) base::throw_errno("cannot receive", "signals");
  return fd;
}

constexpr const char* kName = "xar-server";

// Takes the mount away. Says once in the system's log what but its users is in the way,
// for a mount that can never be taken away is nobody's intention.
class Detacher {
 public:
  Detacher(const ServeOptions& options, std::uint64_t device)
      : options_(options), device_(device) {}

  // Whether it is there, and not another at the same point.
  [[nodiscard]] bool is_there() const { return device_at(options_.point) == device_; }

  // The kernel knows what is in use: descriptors, mappings, working directories. Asked
  // without MNT_DETACH it can never be wrong. Whether the mount has been taken away.
  bool take_away_if_unused() {
    if (!is_there()) return false;
    const Detached detached = detach(options_.point, Detach::kIfUnused);
    if (!detached && !detached.is_busy && !std::exchange(has_told_, true)) {
      base::log_error(
          kName, "cannot unmount: " + options_.point.native() + ": " + detached.reason);
    }
    if (base::is_debugging()) {
      base::log_debug(kName, (detached ? "unmounted " : "cannot unmount yet: ") +
                                 options_.point.native() +
                                 (detached ? "" : ": " + detached.reason));
    }
    if (detached) release();
    return detached.done;
  }

  // Its users keep it until they are done. Whether it is no longer there: fusermount3
  // can fail for want of memory or processes.
  bool take_away() {
    if (!is_there()) return true;
    const bool done =
        detach(options_.point, Detach::kIfUnused) || detach(options_.point, Detach::kNow);
    release();
    return done;
  }

  // Lets no later launch use it.
  void release() const {
    if (options_.lease != nullptr) options_.lease->release();
  }

 private:
  const ServeOptions& options_;
  const std::uint64_t device_;
  bool has_told_ = false;
};

class Watch {
 public:
  Watch(const ServeOptions& options, std::uint64_t device, const fuse::Activity& activity,
        const std::atomic<bool>& is_ending, int signals)
      : options_(options),
        is_ending_(is_ending),
        signals_(signals),
        detacher_(options, device),
        idle_(options, device, activity),
        users_(options, device) {
    if (options.timeout > 0) next_tick_ = Clock::now() + idle_.interval();
    if (options.lease != nullptr) next_look_ = Clock::now() + kGrace;
  }

  void run() {
    while (!is_ending_) {
      wait();
      if (!is_ending_) act();
    }
  }

 private:
  using Deadline = std::optional<Clock::time_point>;
  using Attempt = bool (Watch::*)();

  // Waits for a signal, the end of a process that is watched, or the next deadline.
  void wait() {
    std::vector<pollfd> watched = {{signals_, POLLIN, 0}};
    for (const base::Fd& end : users_.ends()) watched.push_back({end.get(), POLLIN, 0});
    if (::poll(watched.data(), watched.size(), milliseconds_left()) <= 0) return;
    const bool ended = std::any_of(watched.begin() + 1, watched.end(),
                                   [](const pollfd& fd) { return fd.revents != 0; });
    if (ended) {
      users_.forget();
      next_look_ = Clock::now() + kGrace;
    }
  }

  void act() {
    signalfd_siginfo signal{};
    while (::read(signals_, &signal, sizeof signal) == sizeof signal) {
      // A stop signal that is not of this process's destructor is somebody else's.
      if (signal.ssi_signo == kLeaveWhenUnused && options_.lease != nullptr) {
        leave(&Watch::has_left_unused);
      } else if (signal.ssi_signo != kStopSignal) {
        leave(&Watch::has_left);
      }
    }
    if (is_due(next_try_)) try_to_leave();
    if (is_due(next_look_)) look_for_users();
    if (is_due(next_tick_)) tick();
  }

  void look_for_users() {
    next_look_.reset();
    if (users_.look() || detacher_.take_away_if_unused()) return;
    // Something of the mount is open in the process that this one's end is told to.
    users_.watch_parent();
  }

  void tick() {
    next_tick_ = Clock::now() + idle_.interval();
    if (idle_.tick() && !detacher_.take_away_if_unused()) idle_.note_use();
  }

  // A mount that no launch is to use any more waits for its last user to be done. Only
  // the kernel knows when that is, and has to be asked.
  bool has_left_unused() {
    detacher_.release();
    return !detacher_.is_there() || detacher_.take_away_if_unused();
  }

  bool has_left() { return detacher_.take_away(); }

  // Tries until it succeeds.
  void leave(Attempt attempt) {
    attempt_ = attempt;
    pause_ = kFirstPause;
    try_to_leave();
  }

  void try_to_leave() {
    next_try_.reset();
    if ((this->*attempt_)()) return;
    next_try_ = Clock::now() + pause_;
    pause_ = std::min(2 * pause_, kLongestPause);
  }

  static bool is_due(const Deadline& deadline) {
    return deadline && Clock::now() >= *deadline;
  }

  // For poll(2), rounded up; -1: no deadline.
  [[nodiscard]] int milliseconds_left() const {
    constexpr std::int64_t kMost = 1 << 30;
    std::int64_t left = -1;
    for (const Deadline& deadline : {next_tick_, next_look_, next_try_}) {
      if (!deadline) continue;
      const std::int64_t until =
          std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
      const std::int64_t wait = std::clamp<std::int64_t>(until, 0, kMost);
      left = left < 0 ? wait : std::min(left, wait);
    }
    return static_cast<int>(left);
  }

  const ServeOptions& options_;
  const std::atomic<bool>& is_ending_;
  const int signals_;
  Detacher detacher_;
  IdleClock idle_;
  PossibleUsers users_;
  Deadline next_tick_;
  Deadline next_look_;
  Deadline next_try_;          // to leave
  Attempt attempt_ = nullptr;  // to leave
  std::chrono::milliseconds pause_{};
};

}  // namespace

sigset_t watched_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, kLeaveWhenUnused, kStopSignal})
    ::sigaddset(&set, signal);
  return set;
}

Watcher::Watcher(const ServeOptions& options, std::uint64_t device,
                 const fuse::Activity& activity)
    : signals_(open_signals()), thread_([&options, device, &activity, this] {
        Watch(options, device, activity, is_ending_, signals_.get()).run();
      }) {}

Watcher::~Watcher() {
  is_ending_ = true;
  ::pthread_kill(thread_.native_handle(), kStopSignal);
  thread_.join();
}

}  // namespace xar::mount
