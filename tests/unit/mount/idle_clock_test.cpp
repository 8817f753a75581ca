// SPDX-License-Identifier: BSD-2-Clause
// Of a mount that is in no mount table, so that nothing of it is open.
#include "mount/server/idle_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace xar::mount {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kNoDevice = ~std::uint64_t{0};

ServeOptions options_of(std::uint32_t timeout) {
  ServeOptions options;
  options.point = "/";
  options.timeout = timeout;
  return options;
}

class IdleClockTest : public ::testing::Test {
 protected:
  // How many ticks it takes until the mount is idle, of 100 at most.
  int ticks_until_idle() {
    int ticks = 1;
    while (ticks < 100 && !clock_.tick()) ++ticks;
    return ticks;
  }

  const ServeOptions options_ = options_of(800);
  fuse::Activity activity_;
  IdleClock clock_{options_, kNoDevice, activity_};
};

TEST_F(IdleClockTest, FirstTickAndTheTimeoutsPartsMakeAMountIdle) {
  EXPECT_EQ(ticks_until_idle(), 1 + 8);
  EXPECT_TRUE(clock_.tick());
}

TEST_F(IdleClockTest, RequestBeginsTheTimeoutAnew) {
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(clock_.tick());
  ++activity_.requests;
  EXPECT_EQ(ticks_until_idle(), 1 + 8);
}

TEST_F(IdleClockTest, NotedUseBeginsTheTimeoutAnew) {
  ticks_until_idle();
  clock_.note_use();
  EXPECT_EQ(ticks_until_idle(), 1 + 8);
}

TEST_F(IdleClockTest, MountThatIsAlwaysUsedIsNeverIdle) {
  for (int i = 0; i < 50; ++i) {
    ++activity_.requests;
    EXPECT_FALSE(clock_.tick());
  }
}

TEST(IdleClock, PartsTogetherAreTheTimeout) {
  const fuse::Activity activity;
  for (const std::uint32_t timeout : {1U, 2U, 7U, 8U, 9U, 870U, UINT32_MAX}) {
    const ServeOptions options = options_of(timeout);
    IdleClock clock(options, kNoDevice, activity);
    EXPECT_FALSE(clock.tick());
    std::uint64_t passed = 0;
    do {
      passed += static_cast<std::uint64_t>(clock.interval().count());
    } while (!clock.tick());
    EXPECT_LE(passed, std::uint64_t{timeout} * 1000) << timeout;
    EXPECT_GT(passed + 8, std::uint64_t{timeout} * 1000) << timeout;
  }
}

TEST(IdleClock, TicksOfAShortTimeoutAreASecondApart) {
  const fuse::Activity activity;
  const ServeOptions options = options_of(3);
  EXPECT_EQ(IdleClock(options, kNoDevice, activity).interval(), milliseconds(1000));
}

}  // namespace
}  // namespace xar::mount
