// SPDX-License-Identifier: BSD-2-Clause
#include "base/inherited.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "xar/base/limits.hpp"

namespace xar::base {
namespace {

// A launch waits for what is done here, so no more is than is needed: nobody sends a
// server realtime signals.
void reset_signals() {
  constexpr int kRealtime = 32;  // the first; SIGRTMIN does not count glibc's own
  for (int signal = 1; signal < kRealtime; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
      ::signal(signal, SIG_DFL);
    }
  }
  // To write beyond the limit of a file's size is to fail, not to end the
  // process.
  ::signal(SIGXFSZ, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

void reset_scheduling() {
  const sched_param usual{};
  if (::sched_getscheduler(0) != SCHED_OTHER) {
    ::sched_setscheduler(0, SCHED_OTHER, &usual);
  }
  ::setpriority(PRIO_PROCESS, 0, 0);
  cpu_set_t all;
  std::memset(&all, 0xff, sizeof all);
  ::sched_setaffinity(0, sizeof all, &all);
  constexpr int kProcess = 1;  // IOPRIO_WHO_PROCESS
  ::syscall(SYS_ioprio_set, kProcess, 0, 0);
  constexpr unsigned long kUsualSlack = 50'000;  // nanoseconds
  ::prctl(PR_SET_TIMERSLACK, kUsualSlack);
}

void reset_limits() {
  for (const int resource : kLimits) {
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0) continue;
    if (limit.rlim_cur == RLIM_INFINITY && limit.rlim_max == RLIM_INFINITY) continue;
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    // The number of open files cannot be without a limit.
    if (resource != RLIMIT_NOFILE && ::setrlimit(resource, &none) == 0) continue;
    if (limit.rlim_cur == limit.rlim_max) continue;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(resource, &limit);
  }
}

// Threads have a stack of the size that the limit had when the program began.
void reset_stack_of_threads() {
  constexpr std::size_t kSize = 1 << 20;
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return;
  ::pthread_attr_setstacksize(&attributes, kSize);
  ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
}

}  // namespace

void reset_inherited() {
  reset_signals();
  reset_limits();
  reset_scheduling();
  reset_stack_of_threads();
  ::personality(PER_LINUX);
}

}  // namespace xar::base
