// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/sort_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"

namespace xar::xarbuild {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class SortFile : public ::testing::Test {
 protected:
  squashfs::Priorities read(const std::string& text) {
    std::ofstream(scratch_ / "sort") << text;
    return read_sort_file(scratch_ / "sort");
  }

  std::string refusal(const std::string& text) {
    try {
      read(text);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  test::Scratch scratch_;
};

TEST_F(SortFile, IsReadAsMksquashfsReadsIt) {
  EXPECT_THAT(
      read("# hot first\n\n  bin/run 32767\nlib\t-5  \n./a//b/ 0\n/abs 1\n"
           "with\\ space\\\\ 7\n"),
      UnorderedElementsAre(Pair("bin/run", 32767), Pair("lib", -5), Pair("a/b", 0),
                           Pair("abs", 1), Pair("with space\\", 7)));
}

TEST_F(SortFile, NamesTheLineThatItCannotUse) {
  EXPECT_THAT(refusal("a 1\nb\n"), HasSubstr("line 2"));
  EXPECT_THAT(refusal("a 40000\n"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("a 1 2\n"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("a b\n"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("/ 1\n"), HasSubstr("line 1"));
}

}  // namespace
}  // namespace xar::xarbuild
