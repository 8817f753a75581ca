// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/interrupt.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include "xar/base/error.hpp"

namespace xar::base {
namespace {

constexpr std::chrono::milliseconds kInterval{20};

}  // namespace

InterruptWatch::InterruptWatch() {
  sigset_t watched;
  ::sigemptyset(&watched);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&watched, signal);
  ::pthread_sigmask(SIG_BLOCK, &watched, &before_);
  signals_.reset(::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) base::throw_errno("cannot watch for", "signals");
}

InterruptWatch::~InterruptWatch() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void InterruptWatch::check() {
  // To read the clock takes no system call.
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) != sizeof info) return;
  throw Interrupted{static_cast<int>(info.ssi_signo)};
}

void die_of(int signal) {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  ::_exit(128 + signal);
}

}  // namespace xar::base
