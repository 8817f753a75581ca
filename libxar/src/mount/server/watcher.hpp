// SPDX-License-Identifier: BSD-2-Clause
// The thread of a server that unmounts: when the mount has been idle, when no process is
// left that could use it, and on signals.
#pragma once

#include <signal.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "mount/server/server.hpp"
#include "xar/base/fd.hpp"
#include "xar/fuse.hpp"

namespace xar::mount {

// The signals that the thread receives. They must be blocked before any thread exists, so
// that no other thread receives them.
sigset_t watched_signals();

// Runs the thread as long as it exists.
class Watcher {
 public:
  // Borrows all; `device` is the number of the mounted file system. Throws
  // std::system_error where no thread can be made, and base::SystemError.
  Watcher(const ServeOptions& options, std::uint64_t device,
          const fuse::Activity& activity);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  const base::Fd signals_;
  std::atomic<bool> is_ending_ = false;
  std::thread thread_;
};

}  // namespace xar::mount
