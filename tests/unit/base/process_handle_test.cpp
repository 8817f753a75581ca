// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/process_handle.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace xar::base {
namespace {

TEST(ProcessHandle, HasNotEndedWhileItRuns) {
  const ProcessHandle self(::getpid());
  EXPECT_FALSE(self.has_ended());
  EXPECT_TRUE(self.send(0));
}

TEST(ProcessHandle, HasEndedAlthoughItsParentDoesNotWaitForIt) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  const ProcessHandle process(child);
  EXPECT_FALSE(process.has_ended());
  EXPECT_TRUE(process.send(SIGKILL));
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  ASSERT_EQ(::kill(child, 0), 0) << "its number has been given away";
  EXPECT_TRUE(process.has_ended());
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(process.has_ended());
  EXPECT_FALSE(process.send(0));
  EXPECT_EQ(errno, ESRCH);
  EXPECT_TRUE(ProcessHandle(child).has_ended());
}

}  // namespace
}  // namespace xar::base
