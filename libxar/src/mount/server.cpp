// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "mount/record.hpp"
#include "mount/watcher.hpp"
#include "xar/base/error.hpp"
#include "xar/base/executable.hpp"
#include "xar/base/limits.hpp"
#include "xar/base/log.hpp"
#include "xar/base/title.hpp"

namespace xar::mount {
namespace {

constexpr const char* kName = "xar-server";

// Says once to the system's log what the programs that use the mount cannot know: their
// input/output error names neither the archive nor what to do.
class FaultLog {
 public:
  FaultLog(const Duty& duty, const image::Image& image) : duty_(duty), image_(image) {}

  void tell() {
    if (told_.exchange(true)) return;
    const char* advice =
        image_.is_overwritten()
            ? ": it has been written to while in use: write beside it, then rename"
            : ": it or its disk is damaged: see xarexec --verify";
    base::log_error(kName, "cannot read: " + duty_.archive.native() + advice);
  }

 private:
  const Duty& duty_;
  const image::Image& image_;
  std::atomic<bool> told_ = false;
};

// All that serves one mount. What of it needs no mount is ready once it exists.
class MountServer {
 public:
  MountServer(image::Image& image, const Duty& duty)
      : duty_(duty),
        faults_(duty, image),
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
    base::reset_oom_score();
    // Else a standalone archive could not be written to for as long as its server lives.
    if (base::is_executable_of_this_process(duty_.file)) base::release_executable();
    if (base::is_debugging()) {
      base::log_debug(kName, "serves " + duty_.archive.native() + " on " +
                                 duty_.point.native() + ", time-out " +
                                 std::to_string(duty_.timeout) + " s");
    }
    base::set_title(kName, std::string(kName) + ": " + duty_.archive.native());
    try {
      watcher_.emplace(duty_, device_, activity());
    } catch (const std::exception& error) {
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

std::int64_t Seat::latest_launch() const {
  struct stat status {};
  if (::fstat(lock_.fd(), &status) != 0) return 0;
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
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
  if (base::is_debugging()) base::log_debug(kName, "ends: " + duty.point.native());
  // What others find of it goes before its place does.
  server.reset();
  if (duty.seat != nullptr) duty.seat->clear();
  return 0;
}

}  // namespace xar::mount
