// SPDX-License-Identifier: BSD-2-Clause
#include "extract/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "support/memory_image.hpp"
#include "xar/base/error.hpp"

namespace xar::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ExtractPlanTest : public ::testing::Test {
 protected:
  ExtractPlanTest() {
    for (const char* path : {"a/b/c/deep", "a/b/file", "a/file", "a-b/x", "top"})
      tree_.add_file(path, "12345", 0644);
  }

  Plan plan(const std::vector<std::string>& paths) const {
    return make_plan(test::image_of(tree_), paths, [] {});
  }

  static std::vector<std::string> paths_of(const Plan& plan,
                                           const std::vector<Item>& items) {
    std::vector<std::string> paths;
    for (const Item& item : items) paths.push_back(plan.path_of(item));
    return paths;
  }
  static std::vector<std::string> directories(const Plan& plan) {
    return paths_of(plan, plan.directories);
  }
  static std::vector<std::string> files(const Plan& plan) {
    return paths_of(plan, plan.files);
  }

  tree::Tree tree_;
};

TEST_F(ExtractPlanTest, EverythingIsPlannedWithoutPaths) {
  const Plan all = plan({});
  EXPECT_THAT(directories(all), ElementsAre("", "a", "a/b", "a/b/c", "a-b"));
  EXPECT_THAT(files(all),
              ElementsAre("a/b/c/deep", "a/b/file", "a/file", "a-b/x", "top"));
  EXPECT_EQ(all.content_bytes, 25U);
}

TEST_F(ExtractPlanTest, DirectoryComesBeforeWhatIsInIt) {
  const Plan all = plan({});
  for (std::size_t i = 1; i < all.directories.size(); ++i) {
    const Item& directory = all.directories[i];
    EXPECT_LT(directory.parent, i);
    EXPECT_EQ(directory.depth, all.directories[directory.parent].depth + 1);
  }
}

TEST_F(ExtractPlanTest, PathBringsWhatLeadsToItAndWhatIsBelow) {
  const Plan part = plan({"a/b"});
  EXPECT_THAT(directories(part), ElementsAre("", "a", "a/b", "a/b/c"));
  EXPECT_THAT(files(part), ElementsAre("a/b/c/deep", "a/b/file"));
}

TEST_F(ExtractPlanTest, FileBringsNoNeighbours) {
  const Plan part = plan({"a/b/file"});
  EXPECT_THAT(directories(part), ElementsAre("", "a", "a/b"));
  EXPECT_THAT(files(part), ElementsAre("a/b/file"));
}

TEST_F(ExtractPlanTest, PathsThatOverlapAreTakenOnce) {
  const Plan part = plan({"a/b/c/deep", "a", "a/b", "a", "a/file"});
  EXPECT_THAT(directories(part), ElementsAre("", "a", "a/b", "a/b/c"));
  EXPECT_THAT(files(part), ElementsAre("a/b/c/deep", "a/b/file", "a/file"));
  EXPECT_EQ(part.content_bytes, 15U);
}

// "a-b" begins with "a" and is not below it.
TEST_F(ExtractPlanTest, NeighbourOfALikeNameIsTakenToo) {
  const Plan part = plan({"a/b/c", "a-b", "a/b/file"});
  EXPECT_THAT(directories(part), ElementsAre("", "a-b", "a", "a/b", "a/b/c"));
  EXPECT_THAT(files(part), ElementsAre("a-b/x", "a/b/c/deep", "a/b/file"));
}

TEST_F(ExtractPlanTest, RootAsAPathIsEverything) {
  for (const char* root : {"", "/", ".", "a/.."})
    EXPECT_EQ(files(plan({"top", root})).size(), 5U) << root;
}

TEST_F(ExtractPlanTest, MissingPathIsRefused) {
  EXPECT_THROW(plan({"top", "missing"}), base::Error);
  EXPECT_THROW(plan({"../top"}), base::Error);
}

TEST_F(ExtractPlanTest, FurtherNamesAreLinksToTheFirst) {
  auto inode = std::make_shared<tree::Inode>();
  inode->type = tree::Type::kRegular;
  inode->content = std::string("linked");
  inode->links = 3;
  for (const char* name : {"x", "y", "z"}) tree_.root().entries.push_back({name, inode});
  const Plan all = plan({});
  ASSERT_EQ(all.links.size(), 2U);
  EXPECT_EQ(all.files[all.links[0].first].name, "x");
  EXPECT_EQ(all.links[1].name, "z");
  EXPECT_EQ(all.content_bytes, 31U);
  // Without the first name, the next one is the file.
  const Plan part = plan({"y", "z"});
  EXPECT_THAT(files(part), ElementsAre("y"));
  EXPECT_EQ(part.links.size(), 1U);
}

TEST_F(ExtractPlanTest, OnlyFilesWithHolesAreSparse) {
  tree_.add_file("zeros", std::string(300'000, '\0'), 0644);
  const Plan part = plan({"top", "zeros"});
  ASSERT_THAT(files(part), ElementsAre("top", "zeros"));
  EXPECT_FALSE(part.files[0].sparse);
  EXPECT_TRUE(part.files[1].sparse);
}

TEST_F(ExtractPlanTest, EndsWhenTold) {
  unsigned calls = 0;
  EXPECT_THROW(make_plan(test::image_of(tree_), {},
                         [&calls] {
                           if (++calls == 4) throw std::runtime_error("cancelled");
                         }),
               std::runtime_error);
}

TEST_F(ExtractPlanTest, EmptyImageIsTheDestinationAlone) {
  const Plan empty = make_plan(test::image_of(tree::Tree()), {}, [] {});
  EXPECT_THAT(directories(empty), ElementsAre(""));
  EXPECT_THAT(files(empty), IsEmpty());
}

}  // namespace
}  // namespace xar::extract
