// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/limits.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>

#include "xar/base/fd.hpp"

namespace xar::base {
namespace {

// More than this is enough for any daemon.
struct Enough {
  int resource;
  rlim_t value;
};
constexpr std::array<Enough, 7> kEnough = {{
    {RLIMIT_CPU, RLIM_INFINITY},
    {RLIMIT_STACK, 1 << 20},
    {RLIMIT_AS, rlim_t{16} << 30},
    {RLIMIT_DATA, rlim_t{4} << 30},
    {RLIMIT_FSIZE, 1 << 20},
    {RLIMIT_NOFILE, 64},
    {RLIMIT_NPROC, 64},
}};

rlim_t hard_limit(int resource) {
  rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
  ::getrlimit(resource, &limit);
  return limit.rlim_max;
}

// Whether the process is one that may raise the limit: by trying it, for that
// is decided by capabilities, which root in a container often lacks.
bool may_raise(int resource) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return false;
  const rlimit raised{limit.rlim_cur, RLIM_INFINITY};
  if (::setrlimit(resource, &raised) != 0) return false;
  ::setrlimit(resource, &limit);
  return true;
}

// The niceness that the process may not leave; 0: the usual one.
int lasting_niceness() {
  const int nice = ::getpriority(PRIO_PROCESS, 0);
  if (nice <= 0 || ::setpriority(PRIO_PROCESS, 0, 0) != 0) return std::max(nice, 0);
  ::setpriority(PRIO_PROCESS, 0, nice);
  return 0;
}

// Whether the process runs only where nobody else wants to, and may not change
// that.
bool lasts_idle() {
  if (::sched_getscheduler(0) != SCHED_IDLE) return false;
  const sched_param usual{};
  if (::sched_setscheduler(0, SCHED_OTHER, &usual) != 0) return true;
  ::sched_setscheduler(0, SCHED_IDLE, &usual);
  return false;
}

}  // namespace

RaisedLimits::RaisedLimits() {
  ::sigaction(SIGXFSZ, nullptr, &signal_);
  if (signal_.sa_handler != SIG_IGN) ::signal(SIGXFSZ, SIG_IGN);
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    ::getrlimit(kLimits[i], &before_[i]);
    if (before_[i].rlim_cur == before_[i].rlim_max) continue;
    const rlimit raised{before_[i].rlim_max, before_[i].rlim_max};
    ::setrlimit(kLimits[i], &raised);
  }
}

RaisedLimits::~RaisedLimits() {
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    if (before_[i].rlim_cur != before_[i].rlim_max) ::setrlimit(kLimits[i], &before_[i]);
  }
  if (signal_.sa_handler != SIG_IGN) ::sigaction(SIGXFSZ, &signal_, nullptr);
}

std::string lasting_limits() {
  std::string text;
  for (const Enough& enough : kEnough) {
    const rlim_t hard = hard_limit(enough.resource);
    if (hard >= enough.value || may_raise(enough.resource)) continue;
    text += std::to_string(enough.resource) + '=' + std::to_string(hard) + ' ';
  }
  if (const int nice = lasting_niceness()) text += "nice=" + std::to_string(nice) + ' ';
  if (lasts_idle()) text += "idle ";
  return text;
}

bool ends_daemons_early() {
  constexpr rlim_t kEarly = 600;  // seconds
  return hard_limit(RLIMIT_CPU) < kEarly && !may_raise(RLIMIT_CPU);
}

void reset_oom_score() {
  const Fd fd(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (fd) static_cast<void>(::write(fd.get(), "0", 1));
}

}  // namespace xar::base
