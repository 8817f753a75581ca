// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/workers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace xar::base {
namespace {

TEST(Workers, RunsJobsAndTheJobsThatTheyAdd) {
  for (const unsigned threads : {0U, 1U, 7U}) {
    Workers workers(threads);
    std::atomic<int> done = 0;
    const std::function<void(int)> split = [&](int depth) {
      ++done;
      for (int i = 0; depth > 0 && i < 2; ++i)
        workers.add([&, depth] { split(depth - 1); });
    };
    workers.add([&] { split(9); });
    workers.run([] {});
    EXPECT_EQ(done, 1023);
  }
}

TEST(Workers, EndsAtOnceWithoutJobs) {
  Workers workers(3);
  workers.run([] {});
}

TEST(Workers, FirstFailureEndsTheWorkAndIsThrown) {
  Workers workers(1);
  std::atomic<int> done = 0;
  for (int i = 0; i < 10; ++i) workers.add([&] { ++done; });
  workers.add([] { throw std::runtime_error("failed"); });
  EXPECT_THROW(workers.run([] {}), std::runtime_error);
  EXPECT_EQ(done, 0);
}

TEST(Workers, TickMayCancelWhatWouldNeverEnd) {
  Workers workers(2);
  const std::function<void()> again = [&] { workers.add(again); };
  workers.add(again);
  EXPECT_THROW(workers.run([] { throw std::logic_error("cancelled"); }),
               std::logic_error);
}

}  // namespace
}  // namespace xar::base
