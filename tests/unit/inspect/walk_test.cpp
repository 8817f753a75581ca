// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "support/crafted_image.hpp"
#include "support/memory_image.hpp"
#include "xar/base/error.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A name with a number at its end.
std::string numbered(std::string name, unsigned number) {
  return name += std::to_string(number);
}

std::vector<std::string> paths_below(const image::Image& image,
                                     std::string_view from = "") {
  std::vector<std::string> paths;
  walk(image, find(image, from, false),
       [&](const Node& node) { paths.push_back(node.path); });
  return paths;
}

TEST(Walk, PassesADirectoryBeforeItsContentSortedByName) {
  tree::Tree tree;
  for (const char* path : {"b/y", "b/x/z", "a", "b-", "c"}) tree.add_file(path, "", 0644);
  EXPECT_THAT(paths_below(test::image_of(tree)),
              ElementsAre("", "a", "b", "b/x", "b/x/z", "b/y", "b-", "c"));
}

TEST(Walk, BeginsAnywhere) {
  tree::Tree tree;
  for (const char* path : {"a/x", "a/y", "b"}) tree.add_file(path, "", 0644);
  const image::Image image = test::image_of(tree);
  EXPECT_THAT(paths_below(image, "a"), ElementsAre("a", "a/x", "a/y"));
  EXPECT_THAT(paths_below(image, "b"), ElementsAre("b"));
}

TEST(Walk, EmptyImageHasItsRoot) {
  EXPECT_THAT(paths_below(test::image_of(tree::Tree())), ElementsAre(""));
}

TEST(Walk, DepthCountsTheLevelsBelowTheFirstNode) {
  tree::Tree tree;
  for (const char* path : {"a/b/c", "d"}) tree.add_file(path, "", 0644);
  const image::Image image = test::image_of(tree);
  Walk walk(image, find(image, "", false));
  std::vector<std::size_t> depths;
  while (walk.next() != nullptr) depths.push_back(walk.depth());
  EXPECT_THAT(depths, ElementsAre(0, 1, 2, 3, 1));
}

TEST(Walk, HasEndedForGood) {
  const image::Image image = test::image_of(tree::Tree());
  Walk walk(image, find(image, "", false));
  EXPECT_NE(walk.next(), nullptr);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(walk.next(), nullptr);
}

// Listings are read in pieces, which must neither overlap nor leave a name out.
TEST(Walk, PassesEachNameOfALargeDirectoryOnce) {
  for (const unsigned count : {63U, 64U, 65U, 128U, 1000U}) {
    tree::Tree tree;
    for (unsigned i = 0; i < count; ++i) tree.add_file(numbered("f", i), "", 0644);
    const auto paths = paths_below(test::image_of(tree));
    EXPECT_EQ(paths.size(), count + 1);
    EXPECT_TRUE(std::ranges::is_sorted(paths)) << count;
    EXPECT_EQ(std::ranges::adjacent_find(paths), paths.end()) << count;
  }
}

TEST(Walk, NamesAreSortedAsBytes) {
  tree::Tree tree;
  for (const char* name : {"\xff", "a", "Z", "\x01", "\xc3\xa4"})
    tree.add_file(name, "", 0644);
  EXPECT_THAT(paths_below(test::image_of(tree)),
              ElementsAre("", "\x01", "Z", "a", "\xc3\xa4", "\xff"));
}

TEST(Walk, VisitorMayEndIt) {
  tree::Tree tree;
  for (const char* path : {"a", "b", "c"}) tree.add_file(path, "", 0644);
  const image::Image image = test::image_of(tree);
  unsigned visits = 0;
  EXPECT_THROW(walk(image, find(image, "", false),
                    [&visits](const Node&) {
                      if (++visits == 2) throw std::runtime_error("cancelled");
                    }),
               std::runtime_error);
  EXPECT_EQ(visits, 2U);
}

TEST(Walk, FollowsNoSymlink) {
  tree::Tree tree;
  tree.add_symlink("loop", ".");
  EXPECT_THAT(paths_below(test::image_of(tree)), ElementsAre("", "loop"));
}

TEST(Children, AreTheNamesOfOneDirectoryOnly) {
  tree::Tree tree;
  for (const char* path : {"a/x/y", "a/w", "b"}) tree.add_file(path, "", 0644);
  const image::Image image = test::image_of(tree);
  std::vector<std::string> paths;
  for (const Node& node : children(image, find(image, "a", false)))
    paths.push_back(node.path);
  EXPECT_THAT(paths, ElementsAre("a/w", "a/x"));
}

class CraftedWalk : public ::testing::Test {
 protected:
  // What the walk through an image with that root fails with; empty if it does not.
  std::string fault(const test::CraftedImage::Node& root) {
    try {
      const image::Image image = test::image_of(image_.bytes(root));
      paths_below(image);
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  test::CraftedImage image_;
};

TEST_F(CraftedWalk, NameThatIsThereTwiceIsFound) {
  const auto file = image_.file({.links = 2});
  const auto root = image_.directory(image_.listing({{"a", file}, {"a", file}}));
  EXPECT_THAT(fault(root), HasSubstr("its root directory has the name 'a' twice"));
}

TEST_F(CraftedWalk, NamesOutOfOrderAreFound) {
  const auto a = image_.file({});
  const auto b = image_.file({});
  const auto root = image_.directory(image_.listing({{"b", b}, {"a", a}}));
  EXPECT_THAT(fault(root), HasSubstr("its root directory has its names out of order"));
}

// The order is also kept from one piece of the listing to the next.
TEST_F(CraftedWalk, NamesOutOfOrderFarBehindAreFound) {
  std::vector<test::CraftedImage::Name> names;
  for (unsigned i = 0; i < 64; ++i)
    names.push_back({numbered("n", 100 + i), image_.file({})});
  names.push_back({"n000", image_.file({})});
  EXPECT_THAT(fault(image_.directory(image_.listing(names))), HasSubstr("out of order"));
}

TEST_F(CraftedWalk, DirectoryInTwoPlacesIsFound) {
  const auto inner = image_.directory(image_.listing({{"f", image_.file({})}}));
  const auto root = image_.directory(image_.listing({{"a", inner}, {"b", inner}}));
  EXPECT_THAT(fault(root), HasSubstr("'b' in it is a directory that is also elsewhere"));
}

TEST_F(CraftedWalk, FileWithMoreNamesThanItsLinksIsFound) {
  const auto file = image_.file({.links = 2});
  const auto root =
      image_.directory(image_.listing({{"a", file}, {"b", file}, {"c", file}}));
  EXPECT_THAT(fault(root), HasSubstr("'c' in it is one name more than its file says"));
}

TEST_F(CraftedWalk, FileWithFewerNamesThanItsLinksIsNoFault) {
  const auto file = image_.file({.links = 9});
  EXPECT_THAT(fault(image_.directory(image_.listing({{"a", file}, {"b", file}}))),
              IsEmpty());
}

TEST_F(CraftedWalk, MoreFilesThanTheImageSaysAreFound) {
  const auto a = image_.file({});
  const auto b = image_.file({});
  const auto root = image_.directory(image_.listing({{"a", a}, {"b", b}}));
  image_.claim_inodes(2);
  EXPECT_THAT(fault(root), HasSubstr("is one file more than the image says it has"));
}

}  // namespace
}  // namespace xar::inspect
