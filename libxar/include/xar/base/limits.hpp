// SPDX-License-Identifier: BSD-2-Clause
// The resource limits of the calling process, which it has from who started it.
#pragma once

#include <signal.h>
#include <sys/resource.h>

#include <array>
#include <string>

namespace xar::base {

// Those that can keep a server or a launcher from its work.
constexpr std::array<int, 9> kLimits = {RLIMIT_CPU,   RLIMIT_FSIZE, RLIMIT_AS,
                                        RLIMIT_DATA,  RLIMIT_STACK, RLIMIT_NOFILE,
                                        RLIMIT_NPROC, RLIMIT_RSS,   RLIMIT_RTTIME};

// While this exists, the limits are as high as the process may have them, and
// to write beyond the limit of a file's size fails with EFBIG instead of ending
// the process. Such objects must end in the reverse order of their beginning.
class RaisedLimits {
 public:
  RaisedLimits();
  ~RaisedLimits();
  RaisedLimits(const RaisedLimits&) = delete;
  RaisedLimits& operator=(const RaisedLimits&) = delete;

 private:
  std::array<rlimit, kLimits.size()> before_{};
  struct sigaction signal_ {};
};

// The limits and priorities of this process that a daemon which it starts would
// keep, since it may not change them, and by which that serves worse than
// another: the same text for the same ones, empty where there are none.
std::string lasting_limits();

// Whether a daemon that this process starts is ended after little work, by a
// limit on its processor time that it may not raise.
bool ends_daemons_early();

// Makes this process one that the kernel ends neither sooner nor later than others where
// memory runs out. Takes some 10 us, for the kernel has it as a file. It fails silently
// where the process may not.
void reset_oom_score();

}  // namespace xar::base
