// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/tree.hpp"

namespace xar::tree {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const Inode& directory) {
  std::vector<std::string> result;
  for (const Entry& entry : directory.entries) result.push_back(entry.name);
  return result;
}

class ScanTest : public ::testing::Test {
 protected:
  test::Scratch scratch_;
};

TEST_F(ScanTest, SortsNamesByTheirBytes) {
  for (const char* name : {"b", "B", "a", "\xc3\xa4", "a b", "\xff", "a\nb", "-"}) {
    test::write_file(scratch_ / name, "");
  }
  EXPECT_THAT(names(scan(scratch_.path()).root()),
              ElementsAre("-", "B", "a", "a\nb", "a b", "b", "\xc3\xa4", "\xff"));
}

TEST_F(ScanTest, KnowsEveryTypeThatAnyoneMayMake) {
  std::filesystem::create_directory(scratch_ / "dir");
  test::write_file(scratch_ / "file", "12345");
  std::filesystem::create_symlink("nowhere", scratch_ / "link");
  ASSERT_EQ(::mkfifo((scratch_ / "fifo").c_str(), 0600), 0);
  const base::Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s",
                (scratch_ / "sock").c_str());
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
            0);

  const Tree tree = scan(scratch_.path());
  EXPECT_EQ(tree.find("dir")->type, Type::kDirectory);
  EXPECT_EQ(tree.find("file")->type, Type::kRegular);
  EXPECT_EQ(tree.find("file")->size(), 5u);
  EXPECT_EQ(tree.find("link")->type, Type::kSymlink);
  EXPECT_EQ(tree.find("link")->target, "nowhere");
  EXPECT_EQ(tree.find("fifo")->type, Type::kFifo);
  EXPECT_EQ(tree.find("sock")->type, Type::kSocket);
}

TEST_F(ScanTest, KeepsPermissionsAndTimes) {
  test::write_file(scratch_ / "file", "");
  ASSERT_EQ(::chmod((scratch_ / "file").c_str(), 04751), 0);
  const timespec times[2] = {{1, 0}, {1234567890, 5}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (scratch_ / "file").c_str(), times, 0), 0);
  const Tree tree = scan(scratch_.path());
  EXPECT_EQ(tree.find("file")->permissions, 04751);
  EXPECT_EQ(tree.find("file")->mtime, 1234567890);
  EXPECT_EQ(std::get<DiskFile>(tree.find("file")->content).mtime_nanoseconds, 5);
}

TEST_F(ScanTest, RecognisesHardLinksAcrossDirectories) {
  std::filesystem::create_directory(scratch_ / "dir");
  test::write_file(scratch_ / "one", "x");
  std::filesystem::create_hard_link(scratch_ / "one", scratch_ / "dir/two");
  test::write_file(scratch_ / "other", "x");
  const Tree tree = scan(scratch_.path());
  EXPECT_EQ(tree.find("one"), tree.find("dir/two"));
  EXPECT_EQ(tree.find("one")->links, 2u);
  EXPECT_NE(tree.find("one"), tree.find("other"));
}

// A link to a file outside stands outside the count of its names inside.
TEST_F(ScanTest, CountsOnlyTheNamesInsideTheTree) {
  std::filesystem::create_directory(scratch_ / "dir");
  test::write_file(scratch_ / "outside", "x");
  std::filesystem::create_hard_link(scratch_ / "outside", scratch_ / "dir/inside");
  EXPECT_EQ(scan(scratch_ / "dir").find("inside")->links, 1u);
}

TEST_F(ScanTest, NeverFollowsALinkInside) {
  std::filesystem::create_directory(scratch_ / "dir");
  std::filesystem::create_directory_symlink("/", scratch_ / "dir/root");
  const Tree tree = scan(scratch_ / "dir");
  EXPECT_EQ(tree.find("root")->type, Type::kSymlink);
  EXPECT_EQ(tree.find("root/etc"), nullptr);
}

TEST_F(ScanTest, FollowsALinkToTheSourceItself) {
  std::filesystem::create_directory(scratch_ / "dir");
  test::write_file(scratch_ / "dir/file", "");
  std::filesystem::create_directory_symlink("dir", scratch_ / "link");
  EXPECT_NE(scan(scratch_ / "link").find("file"), nullptr);
}

TEST_F(ScanTest, RefusesWhatIsNotADirectory) {
  test::write_file(scratch_ / "file", "");
  EXPECT_THROW(scan(scratch_ / "file"), base::SystemError);
  EXPECT_THROW(scan(scratch_ / "missing"), base::SystemError);
}

TEST(TreeFind, StaysInsideTheTree) {
  Tree tree;
  tree.add_file("a", "x", 0644);
  EXPECT_EQ(tree.find(""), &tree.root());
  EXPECT_EQ(tree.find("."), &tree.root());
  EXPECT_NE(tree.find("./a"), nullptr);
  EXPECT_EQ(tree.find(".."), nullptr);
  EXPECT_EQ(tree.find("a/b"), nullptr);
  EXPECT_EQ(tree.find("b"), nullptr);
}

TEST(TreeAddFile, KeepsNamesSortedAndRefusesASecondOne) {
  Tree tree;
  for (const char* name : {"m", "z", "a"}) tree.add_file(name, name, 0644);
  EXPECT_THAT(names(tree.root()), ElementsAre("a", "m", "z"));
  EXPECT_THROW(tree.add_file("m", "", 0644), base::Error);
}

// Deeper than a path may be long, and than descriptors may be open; and the tree is
// copied to another, changed and destroyed without a stack as deep.
TEST_F(ScanTest, GoesAsDeepAsTheTree) {
  constexpr int kDepth = 300;
  const std::string name(20, 'd');
  ASSERT_EQ(::mkdir((scratch_ / "a").c_str(), 0755), 0);
  base::Fd at(::open((scratch_ / "a").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::string path = "a";
  for (int i = 0; i < kDepth; ++i) {
    ASSERT_EQ(::mkdirat(at.get(), name.c_str(), 0755), 0);
    // What stands beside is examined after the return from below.
    ASSERT_EQ(::mkdirat(at.get(), "e", 0755), 0);
    at.reset(::openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_TRUE(at);
    path += '/' + name;
  }
  at.reset(::openat(at.get(), "leaf", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  Tree tree = scan(scratch_.path());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);

  ASSERT_NE(tree.find(path + "/leaf"), nullptr);
  EXPECT_EQ(tree.find("a")->entries.size(), 2U);
  const auto& content = std::get<DiskFile>(tree.find(path + "/leaf")->content);
  EXPECT_TRUE(base::open_file(content.path, O_RDONLY));
  Tree merged;
  merged.merge(std::move(tree));
  merged.set_owner(1, 2);
  EXPECT_EQ(merged.find(path + "/leaf")->gid, 2U);
}

TEST_F(ScanTest, LeavesOutWhatTheBuildWrites) {
  const auto at = [&](const char* path) { return scratch_ / path; };
  std::filesystem::create_directories(at("sub/cache"));
  for (const char* path : {"out", ".out.xar-1-0", ".out.bak", "sub/out", "sub/file"}) {
    test::write_file(at(path), "");
    const timespec time[] = {{1000, 0}, {1000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, at(path).c_str(), time, 0), 0);
  }
  std::filesystem::create_directory_symlink("sub", at("way"));
  ScanOptions options;
  options.own_output = {at("out"), at("way/cache/"), at("none/out")};
  const Tree tree = scan(scratch_.path(), options);
  EXPECT_THAT(names(tree.root()), ElementsAre(".out.bak", "sub", "way"));
  EXPECT_THAT(names(*tree.find("sub")), ElementsAre("file", "out"));
  // Of the other entries, since writing there changes its own.
  EXPECT_EQ(tree.find("sub")->mtime, 1000);
}

TEST_F(ScanTest, EndsWhenItIsToldTo) {
  test::write_file(scratch_ / "file", "");
  ScanOptions options;
  options.meanwhile = [] { throw base::Error("enough"); };
  EXPECT_THROW(scan(scratch_.path(), options), base::Error);
}

TEST(TreeClampMtimes, ChangesWhatIsOutsideAndTells) {
  Tree tree;
  tree.add_file("folder/old", "x", 0644);
  tree.add_file("folder/new", "x", 0644);
  const auto inode = [&](std::size_t i) {
    return tree.root().entries.front().inode->entries.at(i).inode;
  };
  inode(0)->mtime = 5000;
  inode(1)->mtime = -17;
  const Tree::Clamped clamped = tree.clamp_mtimes(0, 4000);
  EXPECT_EQ(clamped.names, 2U);
  EXPECT_EQ(clamped.first, "folder/new");
  EXPECT_EQ(inode(0)->mtime, 4000);
  EXPECT_EQ(inode(1)->mtime, 0);
  EXPECT_EQ(tree.clamp_mtimes(0, 4000).names, 0U);
}

TEST(TreeNewestMtime, LooksAtTheWholeTree) {
  Tree tree;
  EXPECT_EQ(tree.newest_mtime(), 0);
  tree.add_file("a", "x", 0644);
  tree.root().entries.front().inode->mtime = 77;
  EXPECT_EQ(tree.newest_mtime(), 77);
  tree.root().entries.front().inode->mtime = -1;
  EXPECT_EQ(tree.newest_mtime(), 0);
}

}  // namespace
}  // namespace xar::tree
