// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/list_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"

namespace xar::xarbuild {
namespace {

using ::testing::ElementsAre;

TEST(ListFile, HasLinesOfEveryMakersKind) {
  const test::Scratch scratch;
  const auto read = [&](std::string_view text) {
    test::write_file(scratch / "list", text);
    return read_lines(scratch / "list");
  };
  EXPECT_THAT(read("a\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(read("a\r\nb\r\n"), ElementsAre("a", "b"));
  EXPECT_THAT(read("\xEF\xBB\xBF# a\r\n"), ElementsAre("# a"));
  EXPECT_THAT(read(""), ElementsAre());
  EXPECT_THROW(read_lines(scratch / "none"), base::SystemError);
}

TEST(ListFile, ComesFromAPipeToo) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const base::Fd out(ends[0]);
  base::Fd in(ends[1]);
  ASSERT_EQ(::write(in.get(), "a\nb\n", 4), 4);
  in.reset();
  EXPECT_THAT(read_lines("/proc/self/fd/" + std::to_string(out.get())),
              ElementsAre("a", "b"));
}

}  // namespace
}  // namespace xar::xarbuild
