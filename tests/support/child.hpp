// SPDX-License-Identifier: BSD-2-Clause
// Processes that hold a lock, change their limits or end, without the test doing so.
#pragma once

#include <sys/types.h>

#include <functional>

namespace xar::test {

// Runs `body` in a process of its own and returns its wait status: 0 if `body` threw
// nothing and no expectation in it failed.
int in_child(const std::function<void()>& body);

// A process that has run `body` and waits. The destructor ends it.
class WaitingChild {
 public:
  // Returns once `body` has run. Throws std::runtime_error if it has failed.
  explicit WaitingChild(const std::function<void()>& body);
  ~WaitingChild() { end(); }
  WaitingChild(const WaitingChild&) = delete;
  WaitingChild& operator=(const WaitingChild&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  // Returns once it has ended.
  void end();

 private:
  pid_t pid_ = -1;
};

}  // namespace xar::test
