// SPDX-License-Identifier: BSD-2-Clause
// Frees memory when no requests come any more: a server may wait for a long time, and
// there may be many servers.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "xar/fuse.hpp"

namespace xar::fuse {

// Calls `release` on its own thread a few seconds after the last request, and again only
// after further requests.
class Trimmer {
 public:
  // `activity` must outlive it. `release` must be safe to call while requests are
  // answered.
  Trimmer(Activity& activity, std::function<void()> release);
  ~Trimmer();
  Trimmer(const Trimmer&) = delete;
  Trimmer& operator=(const Trimmer&) = delete;

 private:
  void run();
  std::optional<std::uint64_t> wait_for_quiet();

  Activity& activity_;
  std::function<void()> release_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;  // last, because it uses the others
};

}  // namespace xar::fuse
