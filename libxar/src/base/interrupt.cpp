// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/interrupt.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include "xar/base/error.hpp"

namespace xar::base {

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

void InterruptWatch::check() const {
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
