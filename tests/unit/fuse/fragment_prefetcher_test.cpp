// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/fragment_prefetcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace xar::fuse {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class FragmentPrefetcherTest : public ::testing::Test {
 protected:
  // What is prefetched when that block has been read.
  std::vector<std::uint32_t> read(std::uint32_t fragment) {
    prefetched_.clear();
    prefetcher_.on_fragment_read(fragment);
    return prefetched_;
  }

  std::vector<std::uint32_t> prefetched_;
  FragmentPrefetcher prefetcher_{
      [this](std::uint32_t fragment) { prefetched_.push_back(fragment); }};
};

TEST_F(FragmentPrefetcherTest, PrefetchesWhatIsAroundTheNextOneFirst) {
  EXPECT_THAT(read(10), ElementsAre(11, 9, 12));
}

TEST_F(FragmentPrefetcherTest, FirstBlockHasNoneBefore) {
  EXPECT_THAT(read(0), ElementsAre(1, 2));
}

TEST_F(FragmentPrefetcherTest, SecondReadOfABlockPrefetchesNothing) {
  read(10);
  EXPECT_THAT(read(10), IsEmpty());
}

TEST_F(FragmentPrefetcherTest, BlocksThatWereReadOrPrefetchedAreNotPrefetchedAgain) {
  read(10);
  EXPECT_THAT(read(11), ElementsAre(13));
  EXPECT_THAT(read(14), ElementsAre(15, 16));
}

TEST_F(FragmentPrefetcherTest, ReadingForwardsGoesOnForEver) {
  std::set<std::uint32_t> seen = {0};
  for (std::uint32_t fragment = 0; fragment < 1000; ++fragment) {
    EXPECT_TRUE(seen.contains(fragment)) << fragment;
    for (const std::uint32_t ahead : read(fragment))
      EXPECT_TRUE(seen.insert(ahead).second) << ahead << " twice";
  }
}

// Of blocks of which each has three around it that nobody wants.
TEST_F(FragmentPrefetcherTest, StopsWhereNothingThatItPrefetchesIsWanted) {
  for (std::uint32_t i = 0; i < 200; ++i) read(10 * i + 10);
  std::size_t wasted = 0;
  for (std::uint32_t i = 200; i < 360; ++i) wasted += read(10 * i + 10).size();
  EXPECT_LE(wasted, 10U);  // one in sixteen
}

TEST_F(FragmentPrefetcherTest, StartsAgainWhereReadingBecomesForwards) {
  for (std::uint32_t i = 0; i < 200; ++i) read(10 * i + 10);
  for (std::uint32_t i = 0; i < 100; ++i) read(5000 + i);
  EXPECT_THAT(read(5100), Not(IsEmpty()));
}

// What was saved up while reading was forwards is not spent for long.
TEST_F(FragmentPrefetcherTest, StopsSoonAfterAnyLengthOfForwardReading) {
  for (std::uint32_t i = 0; i < 5000; ++i) read(i);
  std::size_t wasted = 0;
  for (std::uint32_t i = 0; i < 100; ++i) wasted += read(10000 + 10 * i).size();
  EXPECT_LE(wasted, 80U);
  EXPECT_THAT(read(20000), IsEmpty());
}

TEST_F(FragmentPrefetcherTest, BlockThatWasReadLongAgoCountsAsUnread) {
  read(10);
  for (std::uint32_t i = 0; i < 200; ++i) read(1000 + i);
  EXPECT_THAT(read(10), Not(IsEmpty()));
}

TEST_F(FragmentPrefetcherTest, SurvivesTheLargestNumber) {
  EXPECT_THAT(read(UINT32_MAX - 1), Contains(UINT32_MAX));
  EXPECT_THAT(read(UINT32_MAX), Not(Contains(UINT32_MAX - 1)));
}

// While a thread prefetches, another that has read a block returns at once, and the first
// one prefetches for it too.
TEST(FragmentPrefetcherThreads, OneThreadPrefetchesForAll) {
  std::latch begun(1);
  std::latch other_is_done(1);
  std::vector<std::pair<std::thread::id, std::uint32_t>> prefetched;
  FragmentPrefetcher prefetcher([&](std::uint32_t fragment) {
    prefetched.emplace_back(std::this_thread::get_id(), fragment);
    if (prefetched.size() > 1) return;
    begun.count_down();
    other_is_done.wait();
  });
  std::thread first([&] { prefetcher.on_fragment_read(10); });
  const std::thread::id first_id = first.get_id();
  begun.wait();
  prefetcher.on_fragment_read(20);
  other_is_done.count_down();
  first.join();
  std::vector<std::uint32_t> fragments;
  for (const auto& [thread, fragment] : prefetched) {
    EXPECT_EQ(thread, first_id);
    fragments.push_back(fragment);
  }
  // The latest wishes come first.
  EXPECT_THAT(fragments, ElementsAre(11, 21, 19, 22, 9, 12));
}

TEST(FragmentPrefetcherThreads, NeverPrefetchTwoAtOnce) {
  std::atomic<int> busy = 0;
  std::atomic<int> most = 0;
  std::vector<std::uint32_t> prefetched;  // unguarded on purpose
  FragmentPrefetcher prefetcher([&](std::uint32_t fragment) {
    const int now = ++busy;
    most = std::max(most.load(), now);
    prefetched.push_back(fragment);
    --busy;
  });
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < 4; ++i) {
    threads.emplace_back([&prefetcher, i] {
      for (std::uint32_t j = 0; j < 200; ++j) prefetcher.on_fragment_read(1000 * i + j);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 1);
  EXPECT_FALSE(prefetched.empty());
}

// A wish that comes just as the prefetching thread stops is not left behind.
TEST(FragmentPrefetcherThreads, WishesAreAllFulfilledInTheEnd) {
  for (int round = 0; round < 50; ++round) {
    std::mutex mutex;
    std::set<std::uint32_t> prefetched;
    FragmentPrefetcher prefetcher([&](std::uint32_t fragment) {
      const std::scoped_lock lock(mutex);
      prefetched.insert(fragment);
    });
    std::thread other([&] { prefetcher.on_fragment_read(10); });
    prefetcher.on_fragment_read(20);
    other.join();
    EXPECT_THAT(prefetched, ElementsAre(9, 11, 12, 19, 21, 22));
  }
}

}  // namespace
}  // namespace xar::fuse
