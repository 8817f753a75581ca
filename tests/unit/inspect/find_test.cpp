// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/memory_image.hpp"
#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

using ::testing::HasSubstr;

// A name with a number at its end.
std::string numbered(std::string name, unsigned number) {
  return name += std::to_string(number);
}

class FindTest : public ::testing::Test {
 protected:
  FindTest() {
    tree_.add_file("d/e/file", "content", 0644);
    tree_.add_file("top", "content", 0644);
  }

  // The path of what is found.
  std::string found(std::string_view path, bool follow = false) {
    return find(image(), path, follow).path;
  }

  // What finding fails with; empty if it does not.
  std::string refusal(std::string_view path, bool follow = false) {
    try {
      find(image(), path, follow);
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  const image::Image& image() {
    if (!image_) image_.emplace(test::image_of(tree_));
    return *image_;
  }

  tree::Tree tree_;
  std::optional<image::Image> image_;
};

TEST_F(FindTest, EveryPathOfNothingIsTheRoot) {
  for (const char* path : {"", "/", ".", "./", "//./", "d/..", "d/e/../.."}) {
    EXPECT_EQ(found(path), "") << path;
    EXPECT_TRUE(S_ISDIR(find(image(), path, false).status.st_mode)) << path;
  }
}

TEST_F(FindTest, SlashesAndDotsCountForNothing) {
  for (const char* path : {"d/e/file", "/d/e/file", "d//e///file", "./d/./e/./file",
                           "d/../d/e/file", "d/e/../e/file"}) {
    EXPECT_EQ(found(path), "d/e/file") << path;
  }
}

TEST_F(FindTest, MissingPathIsNamed) {
  EXPECT_THAT(refusal("d/missing"), HasSubstr("no 'd/missing' in: memory"));
  EXPECT_THAT(refusal("d/e/file2"), HasSubstr("no 'd/e/file2' in"));
  EXPECT_THAT(refusal(std::string(300, 'n')), HasSubstr("no 'nnn"));
}

TEST_F(FindTest, FileIsNoDirectory) {
  EXPECT_THAT(refusal("top/below"), HasSubstr("'top' is not a directory"));
  EXPECT_THAT(refusal("top/.."), ::testing::IsEmpty());
}

TEST_F(FindTest, NoPathLeadsOut) {
  for (const char* path : {"..", "/..", "d/../..", "d/../../d"}) {
    EXPECT_THAT(refusal(path), HasSubstr("leads out of the archive")) << path;
  }
}

TEST_F(FindTest, LastSymlinkIsFollowedOnlyIfWanted) {
  tree_.add_symlink("link", "d/e");
  EXPECT_EQ(found("link"), "link");
  EXPECT_EQ(found("link", true), "d/e");
  EXPECT_EQ(found("link/"), "d/e");
  EXPECT_EQ(found("link/file"), "d/e/file");
}

TEST_F(FindTest, SymlinkIsFollowedFromWhereItStands) {
  tree_.add_symlink("d/e/up", "../../top");
  EXPECT_EQ(found("d/e/up", true), "top");
  tree_.add_symlink("d/self", "e/../e/./file");
  image_.reset();
  EXPECT_EQ(found("d/self", true), "d/e/file");
}

TEST_F(FindTest, SymlinkLeadsOutNeitherUpNorToTheTop) {
  tree_.add_symlink("d/out", "../../top");
  tree_.add_symlink("absolute", "/top");
  EXPECT_THAT(refusal("d/out", true), HasSubstr("leads out of the archive"));
  EXPECT_THAT(refusal("absolute", true),
              HasSubstr("the symlink 'absolute' leads out of the archive, to /top"));
  EXPECT_EQ(found("absolute"), "absolute");
}

TEST_F(FindTest, SymlinksInACircleEnd) {
  tree_.add_symlink("a", "b");
  tree_.add_symlink("b", "a");
  tree_.add_symlink("self", "self/self");
  EXPECT_THAT(refusal("a", true), HasSubstr("too many symlinks"));
  EXPECT_THAT(refusal("self", true), HasSubstr("too many symlinks"));
}

// As the kernel does: forty are followed, not more.
TEST_F(FindTest, FortySymlinksAreFollowed) {
  tree_.add_symlink("l0", "top");
  for (unsigned i = 1; i <= 40; ++i)
    tree_.add_symlink(numbered("l", i), numbered("l", i - 1));
  EXPECT_EQ(found("l39", true), "top");
  EXPECT_THAT(refusal("l40", true), HasSubstr("too many symlinks"));
}

TEST_F(FindTest, SymlinkToAFileIsNoDirectory) {
  tree_.add_symlink("link", "top");
  EXPECT_THAT(refusal("link/x"), HasSubstr("'top' is not a directory"));
}

}  // namespace
}  // namespace xar::inspect
