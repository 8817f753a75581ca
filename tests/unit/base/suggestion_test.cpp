// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/suggestion.hpp"

#include <gtest/gtest.h>

namespace xar::base {
namespace {

TEST(Nearest, CountsWhatMustChange) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("abc", "abc"), 0u);
  EXPECT_EQ(edit_distance("dri", "dir"), 1u);
  EXPECT_EQ(edit_distance("--fats", "--fast"), 1u);
  EXPECT_EQ(edit_distance("--lst", "--list"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(Nearest, IsTheFirstOfTheMostSimilarOnes) {
  EXPECT_EQ(suggestion("--fats", {"--small", "--fast", "--fatso"}), "--fast");
  EXPECT_EQ(suggestion("a", {"b"}), "b");
}

TEST(Nearest, IsNoneWhereNothingIsSimilar) {
  EXPECT_EQ(suggestion("--frobnicate", {"--small", "--fast"}), std::nullopt);
  EXPECT_EQ(suggestion("", {"a"}), std::nullopt);
  EXPECT_EQ(suggestion("x", {}), std::nullopt);
  EXPECT_EQ(suggestion(std::string(100000, 'x'), {std::string(100000, 'x')}),
            std::nullopt);
}

TEST(Nearest, FileIsInTheSameDirectory) {
  EXPECT_EQ(nearest_file("/proc/self/statsu"), "/proc/self/status");
  EXPECT_EQ(nearest_file("/no/such/folder/x"), std::nullopt);
}

}  // namespace
}  // namespace xar::base
