// SPDX-License-Identifier: BSD-2-Clause
// A process that is not this one's child: to send it signals and to know when it has
// ended.
#pragma once

#include <sys/types.h>

#include "xar/base/fd.hpp"

namespace xar::base {

// Where the kernel has descriptors for processes (5.3), this is of one process for good,
// whoever gets its number later; elsewhere of whoever has the number.
class ProcessHandle {
 public:
  // The process that has this number now, if any has.
  explicit ProcessHandle(pid_t pid);

  // Whether it could be sent; errno says why not.
  bool send(int signal) const;
  // Also where its parent has not yet waited for it.
  [[nodiscard]] bool has_ended() const;

 private:
  pid_t pid_;
  Fd fd_;
  bool is_gone_ = false;
};

}  // namespace xar::base
