// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/progress.hpp"

#include <gtest/gtest.h>

namespace xar::base {
namespace {

using std::chrono::seconds;

TEST(ProgressLine, TellsRateAndRestOnceTheyCanBeTold) {
  constexpr std::uint64_t kMiB = 1 << 20;
  EXPECT_EQ(progress_line(0, 0, seconds(9), 79), "[================] 100%  0 B of 0 B");
  EXPECT_EQ(progress_line(kMiB, 4 * kMiB, seconds(1), 79),
            "[====            ]  25%  1.0 MiB of 4.0 MiB");
  EXPECT_EQ(progress_line(kMiB, 4 * kMiB, seconds(4), 79),
            "[====            ]  25%  1.0 MiB of 4.0 MiB, 256.0 KiB/s, 0:12 left");
  EXPECT_EQ(progress_line(0, 4 * kMiB, seconds(4), 79),
            "[                ]   0%  0 B of 4.0 MiB");
}

TEST(ProgressLine, FitsATerminal) {
  constexpr std::uint64_t kGiB = 1ULL << 30;
  const std::string line =
      progress_line(1000 * kGiB, 1023 * kGiB + kGiB / 10 * 9, seconds(500000), 79);
  EXPECT_TRUE(line.ends_with(" left")) << line;
  EXPECT_LE(line.size(), 79u) << line;
}

TEST(ProgressLine, IsAsWideAsTheTerminal) {
  constexpr std::uint64_t kMiB = 1 << 20;
  const auto line = [](std::size_t columns) {
    return progress_line(kMiB, 4 * kMiB, seconds(4), columns);
  };
  EXPECT_EQ(line(199),
            "[==========                              ]  25%  1.0 MiB of 4.0 MiB, "
            "256.0 KiB/s, 0:12 left");
  EXPECT_EQ(line(59), "[====            ]  25%  1.0 MiB of 4.0 MiB");
  EXPECT_EQ(line(30), "[====            ]  25%");
  EXPECT_EQ(line(19), "[==      ]  25%");
  EXPECT_EQ(line(10), " 25%");
  for (std::size_t columns = 4; columns < 220; ++columns) {
    EXPECT_LE(line(columns).size(), columns);
  }
}

}  // namespace
}  // namespace xar::base
