// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/block_pipeline.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/blocks.hpp"

namespace xar::squashfs {
namespace {

constexpr std::uint32_t kBlockSize = 1 << 20;

base::Bytes block(std::uint32_t seed) {
  const std::string text = test::noise(kBlockSize, seed);
  base::Bytes bytes;
  base::append(bytes, base::as_bytes(text));
  return bytes;
}

std::shared_ptr<blocks::PackedCache> cache_in(const test::Scratch& scratch) {
  return std::make_shared<blocks::PackedCache>(scratch / "cache", 1 << 30, "recipe");
}

// Waits for threads that nobody joins.
void wait_until_unused(const std::shared_ptr<blocks::PackedCache>& cache) {
  while (cache.use_count() > 1) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(BlockPipeline, PassesBlocksOnInOrder) {
  std::vector<std::uint32_t> order;
  BlockPipeline pipeline(3, 1, kBlockSize, nullptr, {});
  for (std::uint32_t i = 0; i < 20; ++i) {
    pipeline.submit(block(i), std::nullopt,
                    [&order, i](const PackedBlock&) { order.push_back(i); });
  }
  pipeline.finish();
  ASSERT_EQ(order.size(), 20U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

// An abandoned thread outlives the pipeline with all that it needs, and ends by itself.
TEST(BlockPipeline, AbandonsWhatIsUnderWay) {
  const test::Scratch scratch;
  const auto cache = cache_in(scratch);
  unsigned passed_on = 0;
  {
    BlockPipeline pipeline(2, 19, kBlockSize, cache, {});
    for (std::uint32_t i = 0; i < 4; ++i) {
      pipeline.submit(block(i), std::nullopt,
                      [&passed_on](const PackedBlock&) { ++passed_on; });
    }
  }
  EXPECT_LE(passed_on, 4U);
  wait_until_unused(cache);
}

// Of a caller that is told to end while it waits for a block.
TEST(BlockPipeline, EndsWhileItWaits) {
  const test::Scratch scratch;
  const auto cache = cache_in(scratch);
  {
    BlockPipeline pipeline(1, 22, kBlockSize, cache,
                           [] { throw std::runtime_error("told to end"); });
    for (std::uint32_t i = 0; i < 3; ++i) {
      try {
        pipeline.submit(block(i), std::nullopt, [](const PackedBlock&) {});
        if (i == 2) pipeline.finish();
      } catch (const std::runtime_error&) {
        break;  // where a block takes longer than a moment
      }
    }
  }
  wait_until_unused(cache);
}

}  // namespace
}  // namespace xar::squashfs
