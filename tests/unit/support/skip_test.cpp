// SPDX-License-Identifier: BSD-2-Clause
// Where there is a list of the tests that may be skipped, no other is.
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/scratch.hpp"

namespace xar::test {
namespace {

class Skip : public testing::Test {
 protected:
  void TearDown() override {
    if (before_.empty()) {
      ::unsetenv("XAR_TEST_SKIPS");
    } else {
      ::setenv("XAR_TEST_SKIPS", before_.c_str(), 1);
    }
  }
  Scratch scratch_;

 private:
  const std::string before_ =
      std::getenv("XAR_TEST_SKIPS") == nullptr ? "" : std::getenv("XAR_TEST_SKIPS");
};

TEST_F(Skip, IsAllowedWithoutAList) {
  ::unsetenv("XAR_TEST_SKIPS");
  EXPECT_TRUE(may_skip("no such thing"));
}

TEST_F(Skip, IsAllowedForTheReasonThatIsListed) {
  const auto list = scratch_ / "list";
  write_file(
      list,
      "# why\nSkip.IsAllowedForTheReasonThatIsListed: no moon\nSkip.Other: no sun\n");
  ::setenv("XAR_TEST_SKIPS", list.c_str(), 1);
  EXPECT_TRUE(may_skip("no moon"));
  EXPECT_FALSE(may_skip("no sun"));
  EXPECT_FALSE(may_skip("no"));
}

TEST_F(Skip, IsRefusedWhereTheListIsMissing) {
  ::setenv("XAR_TEST_SKIPS", (scratch_ / "none").c_str(), 1);
  EXPECT_FALSE(may_skip("no moon"));
}

}  // namespace
}  // namespace xar::test
