// SPDX-License-Identifier: BSD-2-Clause
// Ctrl-C without leftovers: long work is asked to stop, unwinds, removes what it has
// begun, and only then dies of the signal.
#pragma once

#include <signal.h>

#include <chrono>

#include "xar/base/fd.hpp"

namespace xar::base {

// Thrown when the work is to stop. Not an Error: the user knows.
struct Interrupted {
  int signal = 0;
};

// Holds SIGINT, SIGTERM and SIGHUP back for as long as it exists; threads made
// meanwhile inherit that. One per process.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  // Throws Interrupted if one of the signals has arrived. To be called as often as one
  // likes: looks some fifty times a second. From one thread.
  void check();

 private:
  std::chrono::steady_clock::time_point next_{};
  sigset_t before_{};
  base::Fd signals_;
};

// Ends this process the way `signal` would have.
[[noreturn]] void die_of(int signal);

}  // namespace xar::base
