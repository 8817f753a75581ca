// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/recent.hpp"

#include <gtest/gtest.h>

namespace xar::fuse {
namespace {

TEST(Recent, IsEmptyAtFirstEvenOfDefaultValues) {
  Recent<int, 4> recent;
  EXPECT_FALSE(recent.contains(0));
  EXPECT_TRUE(recent.add(0));
  EXPECT_TRUE(recent.contains(0));
}

TEST(Recent, ForgetsTheOldestBeyondItsCapacity) {
  Recent<int, 3> recent;
  for (int i = 1; i <= 4; ++i) EXPECT_TRUE(recent.add(i));
  EXPECT_FALSE(recent.contains(1));
  for (int i = 2; i <= 4; ++i) EXPECT_TRUE(recent.contains(i)) << i;
}

TEST(Recent, AddingAgainKeepsTheOthers) {
  Recent<int, 2> recent;
  recent.add(1);
  recent.add(2);
  EXPECT_FALSE(recent.add(2));
  EXPECT_FALSE(recent.add(2));
  EXPECT_TRUE(recent.contains(1));
}

}  // namespace
}  // namespace xar::fuse
