// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "mount/server/status_page.hpp"
#include "mount/server/watcher.hpp"
#include "xar/base/error.hpp"
#include "xar/base/executable.hpp"
#include "xar/base/limits.hpp"
#include "xar/base/log.hpp"
#include "xar/base/title.hpp"
#include "xar/image/serving.hpp"

namespace xar::mount {
namespace {

constexpr const char* kName = "xar-server";

// Says once to the system's log what the programs that use the mount cannot know: their
// input/output error names neither the archive nor what to do.
class FaultLog {
 public:
  FaultLog(const ServeOptions& options, const image::Image& image)
      : options_(options), image_(image) {}

  void tell() {
    if (told_.exchange(true)) return;
    const char* advice =
        image::Serving(image_).is_overwritten()
            ? ": it has been written to while in use: write beside it, then rename"
            : ": it or its disk is damaged: verify it";
    base::log_error(kName, "cannot read: " + options_.archive.native() + advice);
  }

 private:
  const ServeOptions& options_;
  const image::Image& image_;
  std::atomic<bool> told_ = false;
};

// All that serves one mount. What of it needs no mount is ready once it exists.
class MountServer {
 public:
  MountServer(image::Image& image, const ServeOptions& options)
      : options_(options),
        faults_(options, image),
        status_page_(options),
        server_(image, fuse_options(), activity()) {}
  MountServer(const MountServer&) = delete;
  MountServer& operator=(const MountServer&) = delete;

  void serve(Attached attached) {
    device_ = attached.number;
    status_page_.publish(device_);
    server_.serve(std::move(attached.device));
  }

 private:
  [[nodiscard]] fuse::Activity& activity() const { return status_page_.activity(); }

  fuse::Options fuse_options() {
    fuse::Options options;
    options.only_owner_and_root = options_.access == Access::kOwnerAndRoot;
    options.on_fault = [this] { faults_.tell(); };
    options.after_first_answer = [this] { finish_start(); };
    return options;
  }

  // What the launch that waits for the mount need not wait for. Without a watcher the
  // mount stays until it is unmounted by hand, which is better than to take it away from
  // its users.
  void finish_start() {
    base::reset_oom_score();
    // Else a standalone archive could not be written to for as long as its server lives.
    if (base::is_executable_of_this_process(options_.file)) base::release_executable();
    if (base::is_debugging()) {
      base::log_debug(kName, "serves " + options_.archive.native() + " on " +
                                 options_.point.native() + ", time-out " +
                                 std::to_string(options_.timeout) + " s");
    }
    base::set_title(kName, std::string(kName) + ": " + options_.archive.native());
    try {
      watcher_.emplace(options_, device_, activity());
    } catch (const std::exception& error) {
      base::log_error(kName, "cannot watch: " + options_.archive.native() + ": " +
                                 error.what() + ": unmount it by hand");
    }
  }

  const ServeOptions& options_;
  std::uint64_t device_ = 0;
  FaultLog faults_;
  StatusPage status_page_;
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

SlotLease::SlotLease(const UserFolder& folder, const MountSlot& slot,
                     const std::string& identity)
    : folder_(folder),
      slot_(slot),
      identity_(identity),
      lock_(folder, slot),
      directory_(folder.open_file(slot.name, O_RDONLY | O_DIRECTORY)) {
  if (directory_) ::flock(directory_.get(), LOCK_SH | LOCK_NB);
}

void SlotLease::record_device(std::uint64_t device) const {
  write_lock_file(lock_.fd(), {identity_, device, std::nullopt});
}

void SlotLease::acquire() const {
  if (lock_.try_acquire()) return;
  throw base::Error("cannot serve", slot_.directory(), "another process does");
}

std::int64_t SlotLease::latest_launch() const {
  struct stat status {};
  if (::fstat(lock_.fd(), &status) != 0) return 0;
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

void SlotLease::release_and_remove() const {
  release();
  if (!Lock::try_to_take(lock_.fd(), folder_, slot_)) return;
  // A server that serves its last users may have a successor at its slot, and that one a
  // predecessor, of which in other mount namespaces nothing else tells: removing the
  // directory would end their mounts.
  if (server_of(lock_.fd())) return;
  if (directory_ && ::flock(directory_.get(), LOCK_EX | LOCK_NB) != 0) return;
  folder_.remove(slot_);
}

int serve_until_unused(image::Image& image, const ServeOptions& options,
                       const std::function<std::optional<Attached>()>& mount) {
  // Blocked before any thread exists, so that only the watcher receives them.
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto server = logged([&] {
    if (options.lease != nullptr) options.lease->acquire();
    return std::make_unique<MountServer>(image, options);
  });
  std::optional<Attached> attached = mount();
  if (!attached) return 0;
  logged([&] { server->serve(std::move(*attached)); });
  if (base::is_debugging()) base::log_debug(kName, "ends: " + options.point.native());
  // Its status page goes before its slot is free.
  server.reset();
  if (options.lease != nullptr) options.lease->release_and_remove();
  return 0;
}

}  // namespace xar::mount
