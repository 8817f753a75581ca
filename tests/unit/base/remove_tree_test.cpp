// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/remove_tree.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "support/scratch.hpp"
#include "xar/base/file.hpp"

namespace xar::base {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path) {
  std::ofstream(path) << "content";
}

class RemoveTreeTest : public ::testing::Test {
 protected:
  test::Scratch scratch_;
  fs::path tree_ = scratch_ / "tree";
};

TEST_F(RemoveTreeTest, RemovesDirectoriesWithAllThatIsInThem) {
  fs::create_directories(tree_ / "a/b/c");
  fs::create_directories(tree_ / "a/d");
  write(tree_ / "a/b/file");
  write(tree_ / "file");
  remove_tree(tree_);
  EXPECT_FALSE(fs::exists(tree_));
}

TEST_F(RemoveTreeTest, RemovesAFile) {
  write(tree_);
  remove_tree(tree_);
  EXPECT_FALSE(fs::exists(tree_));
}

TEST_F(RemoveTreeTest, RemovesDirectoriesThatTheirOwnerMayNotEmpty) {
  fs::create_directories(tree_ / "read-only/closed");
  write(tree_ / "read-only/closed/file");
  ASSERT_EQ(::chmod((tree_ / "read-only/closed").c_str(), 0), 0);
  ASSERT_EQ(::chmod((tree_ / "read-only").c_str(), 0555), 0);
  ASSERT_EQ(::chmod(tree_.c_str(), 0), 0);
  remove_tree(tree_);
  EXPECT_FALSE(fs::exists(tree_));
}

TEST_F(RemoveTreeTest, RemovesSymlinksAndLeavesWhatTheyLeadTo) {
  const fs::path outside = scratch_ / "outside";
  fs::create_directory(outside);
  write(outside / "file");
  ASSERT_EQ(::chmod(outside.c_str(), 0555), 0);
  fs::create_directory(tree_);
  fs::create_directory_symlink(outside, tree_ / "link");
  fs::create_directory_symlink(outside, scratch_ / "link");
  remove_tree(tree_);
  remove_tree(scratch_ / "link");
  EXPECT_FALSE(fs::exists(tree_));
  EXPECT_FALSE(fs::is_symlink(fs::symlink_status(scratch_ / "link")));
  EXPECT_TRUE(fs::exists(outside / "file"));
  EXPECT_EQ(fs::status(outside).permissions(), fs::perms{0555});
  ::chmod(outside.c_str(), 0755);
}

TEST_F(RemoveTreeTest, RemovesATreeDeeperThanAPathCanBe) {
  constexpr int kDepth = 3000;
  fs::create_directory(tree_);
  Fd folder = Fd(::open(tree_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < kDepth; ++i) {
    ASSERT_EQ(::mkdirat(folder.get(), "deep", 0755), 0);
    folder.reset(::openat(folder.get(), "deep", O_PATH | O_DIRECTORY | O_CLOEXEC));
    ASSERT_TRUE(folder);
  }
  remove_tree(tree_);
  EXPECT_FALSE(fs::exists(tree_));
}

TEST_F(RemoveTreeTest, IsQuietWhereThereIsNothing) {
  remove_tree(tree_);
  EXPECT_FALSE(fs::exists(tree_));
}

class NamesTest : public RemoveTreeTest {};

TEST_F(NamesTest, NoMoreAreVisitedThanTheLimit) {
  fs::create_directory(tree_);
  for (const char* name : {"a", "b", "c"}) write(tree_ / name);
  int visited = 0;
  const auto count = [&](const char*) { ++visited; };
  EXPECT_EQ(for_each_name(tree_, count, 2), 0);
  EXPECT_EQ(visited, 2);
  EXPECT_EQ(for_each_name(tree_, count), 0);
  EXPECT_EQ(visited, 5);
}

TEST_F(NamesTest, TheErrorIsReturned) {
  const auto fail = [](const char* name) { ADD_FAILURE() << name; };
  EXPECT_EQ(for_each_name(tree_, fail), ENOENT);
  write(tree_);
  EXPECT_EQ(for_each_name(tree_, fail), ENOTDIR);
}

TEST_F(RemoveTreeTest, GivesUpWhenItIsLate) {
  using Time = std::chrono::steady_clock::time_point;
  fs::create_directories(tree_ / "a/b");
  write(tree_ / "a/file");
  EXPECT_FALSE(remove_tree(tree_, Time::min()));
  EXPECT_TRUE(fs::exists(tree_ / "a/file"));
  EXPECT_TRUE(remove_tree(tree_, Time::max()));
  EXPECT_FALSE(fs::exists(tree_));
  EXPECT_TRUE(remove_tree(tree_, Time::max()));
}

}  // namespace
}  // namespace xar::base
