// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/receiver_token.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <mutex>
#include <optional>
#include <vector>

namespace xar::fuse {
namespace {

using BlockingSection = ReceiverToken::BlockingSection;

// Returns once another thread has the token, which this one has had until now.
void wait_until_taken_away(const ReceiverToken& token) {
  while (token.is_mine()) std::this_thread::yield();
}

TEST(ReceiverTokenTest, BelongsToNobodyAtFirst) {
  ReceiverToken token;
  EXPECT_FALSE(token.is_mine());
  EXPECT_TRUE(token.take());
  EXPECT_TRUE(token.is_mine());
}

TEST(ReceiverTokenTest, BelongsToOneThreadOnly) {
  ReceiverToken token;
  token.take();
  bool is_others = true;
  std::thread([&] { is_others = token.is_mine(); }).join();
  EXPECT_FALSE(is_others);
}

TEST(ReceiverTokenTest, PassingLetsAWaitingThreadTakeIt) {
  ReceiverToken token;
  token.take();
  bool taken = false;
  std::thread waiting([&] { taken = token.take(); });
  token.pass();
  waiting.join();
  EXPECT_TRUE(taken);
  EXPECT_FALSE(token.is_mine());
}

TEST(ReceiverTokenTest, CanBeTakenAgainAfterPassing) {
  ReceiverToken token;
  token.take();
  token.pass();
  EXPECT_FALSE(token.is_mine());
  EXPECT_TRUE(token.take());
  EXPECT_TRUE(token.is_mine());
}

// Threads that answer requests pass it whether they have it or not.
TEST(ReceiverTokenTest, PassingWithoutItTakesItFromNobody) {
  ReceiverToken token;
  token.take();
  std::thread([&] { token.pass(); }).join();
  EXPECT_TRUE(token.is_mine());
}

TEST(ReceiverTokenTest, EndWakesEveryWaitingThread) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 20; ++round) {
    ReceiverToken token;
    token.take();
    std::atomic<int> refused = 0;
    std::latch about_to_wait(kThreads);
    std::vector<std::thread> waiting;
    for (int i = 0; i < kThreads; ++i) {
      waiting.emplace_back([&] {
        about_to_wait.count_down();
        if (!token.take()) ++refused;
      });
    }
    about_to_wait.wait();
    for (int i = 0; i < 10; ++i) std::this_thread::yield();
    token.end();
    for (std::thread& thread : waiting) thread.join();
    EXPECT_EQ(refused, kThreads);
  }
}

TEST(ReceiverTokenTest, NobodyGetsItAfterTheEnd) {
  ReceiverToken token;
  token.end();
  EXPECT_FALSE(token.take());
  EXPECT_FALSE(token.is_mine());
}

TEST(ReceiverTokenTest, PassingAfterTheEndGivesItToNobody) {
  ReceiverToken token;
  token.take();
  token.end();
  token.pass();
  EXPECT_FALSE(token.take());
}

TEST(ReceiverTokenTest, IsTakenFromAThreadThatStaysInABlockingSection) {
  ReceiverToken token;
  token.take();
  bool taken = false;
  std::thread waiting([&] { taken = token.take(); });
  {
    const BlockingSection section(token);
    wait_until_taken_away(token);
  }
  waiting.join();
  EXPECT_TRUE(taken);
}

TEST(ReceiverTokenTest, IsTakenByAThreadThatComesDuringTheSection) {
  ReceiverToken token;
  token.take();
  const BlockingSection section(token);
  bool taken = false;
  std::thread coming([&] { taken = token.take(); });
  wait_until_taken_away(token);
  coming.join();
  EXPECT_TRUE(taken);
}

// A thread that lost it must not pass on what is now another's.
TEST(ReceiverTokenTest, PassingAfterItWasTakenAwayLeavesItWithTheOther) {
  ReceiverToken token;
  std::latch passed(1);
  bool is_others = false;
  token.take();
  std::thread other([&] {
    token.take();
    passed.wait();
    is_others = token.is_mine();
  });
  {
    const BlockingSection section(token);
    wait_until_taken_away(token);
    token.pass();
  }
  token.pass();
  passed.count_down();
  other.join();
  EXPECT_TRUE(is_others);
}

// The end of a section does not bring back what was taken away in it, but one can wait
// for it like others.
TEST(ReceiverTokenTest, ThreadThatLostItWaitsForItAgain) {
  ReceiverToken token;
  token.take();
  std::thread other([&] {
    token.take();
    token.pass();
  });
  {
    const BlockingSection section(token);
    wait_until_taken_away(token);
  }
  EXPECT_TRUE(token.take());
  EXPECT_TRUE(token.is_mine());
  other.join();
}

// Each thread loses it in a section to the next one, and the last one ends.
TEST(ReceiverTokenTest, IsTakenFromOneThreadAfterTheOther) {
  constexpr int kLosers = 4;
  ReceiverToken token;
  std::mutex one_section;
  std::atomic<int> lost = 0;
  const auto lose = [&] {
    const std::scoped_lock lock(one_section);
    ++lost;
    const BlockingSection section(token);
    wait_until_taken_away(token);
  };
  token.take();
  std::vector<std::thread> threads;
  for (int i = 0; i < kLosers; ++i) {
    threads.emplace_back([&] {
      if (!token.take()) return;
      if (lost == kLosers) return token.end();
      lose();
    });
  }
  lose();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lost, kLosers);
}

// A thread without it keeps nobody waiting, so its sections count for nothing.
TEST(ReceiverTokenTest, SectionOfAThreadWithoutItHidesNoOther) {
  ReceiverToken token;
  token.take();
  std::latch in_section(1);
  std::latch done(1);
  std::thread without([&] {
    const BlockingSection section(token);
    in_section.count_down();
    done.wait();
  });
  in_section.wait();
  bool taken = false;
  std::thread waiting([&] { taken = token.take(); });
  {
    const BlockingSection section(token);
    wait_until_taken_away(token);
  }
  done.count_down();
  without.join();
  waiting.join();
  EXPECT_TRUE(taken);
}

TEST(ReceiverTokenTest, EndsWhileAThreadStaysInASection) {
  ReceiverToken token;
  token.take();
  std::optional<bool> taken;
  {
    const BlockingSection section(token);
    token.end();
    std::thread([&] { taken = token.take(); }).join();
  }
  EXPECT_EQ(taken, false);
}

// What only the thread with the token touches needs no other lock.
TEST(ReceiverTokenTest, ExcludesThreadsFromEachOther) {
  constexpr unsigned kThreads = 4;
  constexpr unsigned kTurns = 500;
  ReceiverToken token;
  unsigned turns = 0;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (unsigned turn = 0; turn < kTurns; ++turn) {
        if (!token.take()) return;
        ++turns;
        token.pass();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(turns, kThreads * kTurns);
}

}  // namespace
}  // namespace xar::fuse
