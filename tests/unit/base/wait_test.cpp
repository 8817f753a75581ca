// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/wait.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>

namespace xar::base {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A signal every few milliseconds, for as long as this exists.
class Interruptions {
 public:
  Interruptions() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGALRM, &action, nullptr);
    const itimerval often{{0, 5000}, {0, 5000}};
    ::setitimer(ITIMER_REAL, &often, nullptr);
  }
  ~Interruptions() {
    const itimerval never{};
    ::setitimer(ITIMER_REAL, &never, nullptr);
    ::signal(SIGALRM, SIG_DFL);
  }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
};

class WaitTest : public ::testing::Test {
 protected:
  WaitTest() {
    if (::pipe(ends_) != 0) throw std::runtime_error("pipe");
  }
  ~WaitTest() override {
    ::close(ends_[0]);
    if (ends_[1] >= 0) ::close(ends_[1]);
  }
  int ends_[2] = {-1, -1};
};

TEST_F(WaitTest, EndsAtTheDeadlineAlsoWhereSignalsInterruptIt) {
  const Interruptions interruptions;
  const auto deadline = Clock::now() + milliseconds(50);
  EXPECT_FALSE(wait_until_readable(ends_[0], deadline));
  EXPECT_GE(Clock::now(), deadline);
}

TEST_F(WaitTest, SeesDataAndTheEnd) {
  const auto past = Clock::now() - milliseconds(1);
  EXPECT_FALSE(wait_until_readable(ends_[0], past));
  ASSERT_EQ(::write(ends_[1], "x", 1), 1);
  EXPECT_TRUE(wait_until_readable(ends_[0], past));
  char byte = 0;
  ASSERT_EQ(::read(ends_[0], &byte, 1), 1);
  ::close(ends_[1]);
  ends_[1] = -1;
  EXPECT_TRUE(wait_until_readable(ends_[0], Clock::now() + std::chrono::hours(1)));
}

}  // namespace
}  // namespace xar::base
