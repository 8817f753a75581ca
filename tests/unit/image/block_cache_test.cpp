// SPDX-License-Identifier: BSD-2-Clause
#include "image/block_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

namespace xar::image {
namespace {

// A block of so many bytes that ends at `end`.
Block block_of(std::size_t size, std::uint64_t end = 0) {
  return {base::Buffer(size), end};
}

class BlockCacheTest : public ::testing::Test {
 protected:
  // Whether the block had to be loaded.
  bool loads(BlockCache& cache, std::uint64_t position, std::size_t size = 100) const {
    bool loaded = false;
    cache.get(position, [&] {
      loaded = true;
      return block_of(size);
    });
    return loaded;
  }
};

TEST_F(BlockCacheTest, LoadsABlockOnce) {
  BlockCache cache(1 << 20);
  EXPECT_TRUE(loads(cache, 7));
  EXPECT_FALSE(loads(cache, 7));
  EXPECT_TRUE(loads(cache, 8));
  EXPECT_EQ(cache.get(9, [] { return block_of(1, 77); })->end, 77U);
  EXPECT_EQ(cache.get(9, [] { return block_of(1, 0); })->end, 77U);
}

TEST_F(BlockCacheTest, ForgetsTheOneThatWasUsedLongestAgo) {
  BlockCache cache(3 * 2000);
  for (const std::uint64_t position : {1U, 2U, 3U}) loads(cache, position, 1500);
  loads(cache, 1);
  loads(cache, 4, 1500);
  EXPECT_FALSE(loads(cache, 1));
  EXPECT_TRUE(loads(cache, 2, 1500));
}

TEST_F(BlockCacheTest, OneLargeBlockPushesOutManySmallOnes) {
  BlockCache cache(5000);
  for (std::uint64_t position = 0; position < 5; ++position) loads(cache, position);
  loads(cache, 10, 4500);
  for (std::uint64_t position = 0; position < 5; ++position)
    EXPECT_TRUE(loads(cache, position)) << position;
}

// Blocks of one byte would otherwise take any number of entries.
TEST_F(BlockCacheTest, SmallestBlocksAreNotFree) {
  BlockCache cache(1000);
  for (std::uint64_t position = 0; position < 100; ++position) loads(cache, position, 1);
  EXPECT_TRUE(loads(cache, 50, 1));
}

TEST_F(BlockCacheTest, BlockThatIsLargerThanTheCacheIsHandedOut) {
  BlockCache cache(10);
  const SharedBlock block = cache.get(1, [] { return block_of(100); });
  EXPECT_EQ(block->content.size(), 100U);
  EXPECT_TRUE(loads(cache, 1));
}

TEST_F(BlockCacheTest, BlockThatWasHandedOutOutlivesTheCaches) {
  BlockCache cache(1 << 20);
  const SharedBlock block = cache.get(1, [] { return block_of(100, 5); });
  cache.clear();
  EXPECT_TRUE(loads(cache, 1));
  EXPECT_EQ(block->end, 5U);
}

TEST_F(BlockCacheTest, FailureIsPassedOnAndNotRemembered) {
  BlockCache cache(1 << 20);
  EXPECT_THROW(cache.get(1, []() -> Block { throw std::runtime_error("damaged"); }),
               std::runtime_error);
  EXPECT_TRUE(loads(cache, 1));
}

TEST_F(BlockCacheTest, ThreadsWaitForOneLoad) {
  BlockCache cache(1 << 20);
  std::latch loading(1);
  std::latch waiting(3);
  std::atomic<int> loads = 0;
  std::thread first([&] {
    cache.get(1, [&] {
      ++loads;
      loading.count_down();
      waiting.wait();
      return block_of(10, 5);
    });
  });
  loading.wait();
  std::vector<std::thread> others;
  std::atomic<int> right = 0;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] {
      const SharedBlock block = cache.get(
          1,
          [&] {
            ++loads;
            return block_of(10);
          },
          [&] { waiting.count_down(); });
      if (block->end == 5) ++right;
    });
  }
  first.join();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(loads, 1);
  EXPECT_EQ(right, 3);
}

TEST_F(BlockCacheTest, ThreadThatWaitedForAFailureLoadsItself) {
  BlockCache cache(1 << 20);
  std::latch loading(1);
  std::latch waiting(1);
  std::thread first([&] {
    EXPECT_THROW(cache.get(1,
                           [&]() -> Block {
                             loading.count_down();
                             waiting.wait();
                             throw std::runtime_error("damaged");
                           }),
                 std::runtime_error);
  });
  loading.wait();
  const SharedBlock block = cache.get(
      1, [] { return block_of(10, 6); }, [&] { waiting.count_down(); });
  first.join();
  EXPECT_EQ(block->end, 6U);
}

// A load of one block keeps nobody from another.
TEST_F(BlockCacheTest, OtherBlocksAreLoadedMeanwhile) {
  BlockCache cache(1 << 20);
  cache.get(1, [&] {
    EXPECT_TRUE(loads(cache, 2));
    return block_of(10);
  });
  EXPECT_FALSE(loads(cache, 2));
}

}  // namespace
}  // namespace xar::image
