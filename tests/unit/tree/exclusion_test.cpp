// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "xar/tree.hpp"

namespace xar::tree {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ExclusionTest : public ::testing::Test {
 protected:
  ExclusionTest() {
    std::filesystem::create_directories(scratch_ / "lib/deep");
    for (const char* file : {"a", "lib/a", "lib/deep/b"}) {
      test::write_file(scratch_ / file, "");
    }
  }

  // The paths that are left with `patterns`; findings_ says which were of use.
  std::vector<std::string> left(std::vector<std::string> patterns) {
    findings_ = {};
    ScanOptions options;
    options.excluded = std::move(patterns);
    options.findings = &findings_;
    std::vector<std::string> paths;
    for_each_entry(scan(scratch_.path(), options),
                   [&](const std::string& path, const Entry&) { paths.push_back(path); });
    return paths;
  }

  test::Scratch scratch_;
  ScanFindings findings_;
};

TEST_F(ExclusionTest, PathsAreMeantHoweverTheyAreWritten) {
  for (const char* pattern :
       {"lib/a", "/lib/a", "./lib/a", "lib//a", "lib/./a", ".//lib/a/"}) {
    EXPECT_THAT(left({pattern}), ElementsAre("a", "lib", "lib/deep", "lib/deep/b"))
        << pattern;
    EXPECT_THAT(findings_.used_patterns, ElementsAre(pattern));
  }
  EXPECT_THAT(left({"./a"}), ElementsAre("lib", "lib/a", "lib/deep", "lib/deep/b"));
  EXPECT_THAT(left({"a/"}), ElementsAre("lib", "lib/deep", "lib/deep/b"));
}

TEST_F(ExclusionTest, PatternsForTheSourceItselfMatchNothing) {
  for (const char* pattern : {"/", "//", ".", "./", "", "./."}) {
    EXPECT_EQ(left({pattern}).size(), 5U) << pattern;
    EXPECT_THAT(findings_.used_patterns, IsEmpty());
  }
}

TEST_F(ExclusionTest, EveryPatternThatMatchesIsKnownToBeOfUse) {
  left({"a", "lib/a", "*", "none"});
  EXPECT_THAT(findings_.used_patterns, ElementsAre("*", "a"));
  left({"lib/*", "a"});
  EXPECT_THAT(findings_.used_patterns, ElementsAre("a", "lib/*"));
}

}  // namespace
}  // namespace xar::tree
