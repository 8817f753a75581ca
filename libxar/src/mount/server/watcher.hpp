// SPDX-License-Identifier: BSD-2-Clause
// The thread of a server that takes its mount away: when it has been idle, when nobody is
// left who could use it, and when it is asked to by a signal.
#pragma once

#include <signal.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "mount/server/server.hpp"
#include "xar/base/fd.hpp"
#include "xar/fuse.hpp"

namespace xar::mount {

// The signals that the thread receives. To be blocked before any thread exists, so that
// no other receives them.
sigset_t watched_signals();

// The thread, ended with the scope.
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
