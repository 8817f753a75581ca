// SPDX-License-Identifier: BSD-2-Clause
// Whatever an image or somebody else puts in the way, no name is made outside.
#include "extract/destination.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"

namespace xar::extract {
namespace {

using ::testing::HasSubstr;

namespace fs = std::filesystem;

class DestinationTest : public ::testing::Test {
 protected:
  DestinationTest() {
    fs::create_directory(inside_);
    fs::create_directory(outside_);
    test::write_file(outside_ / "file", "outside");
    add_directory("", kRoot, 0);
  }

  DirectoryIndex add_directory(const std::string& name, DirectoryIndex parent,
                               std::uint32_t depth) {
    Item item;
    item.parent = parent;
    item.name = name;
    item.mode = S_IFDIR | 0755;
    item.depth = depth;
    plan_.directories.push_back(item);
    return static_cast<DirectoryIndex>(plan_.directories.size() - 1);
  }

  static Item file(const std::string& name) {
    Item item;
    item.name = name;
    item.mode = S_IFREG | 0644;
    return item;
  }

  // What `call` fails with; empty if it does not.
  template <typename Call>
  static std::string refusal(Call call) {
    try {
      call();
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  const test::Scratch scratch_;
  const fs::path inside_ = scratch_ / "inside";
  const fs::path outside_ = scratch_ / "outside";
  Plan plan_;
};

TEST_F(DestinationTest, NameThatIsThereEndsIt) {
  const Destination destination(inside_, plan_, false);
  test::write_file(inside_ / "name", "old");
  const Item item = file("name");
  for (const auto& make : std::vector<std::function<void()>>{
           [&] { static_cast<void>(destination.make_file(destination.fd(), item)); },
           [&] { destination.make_directory(destination.fd(), item); },
           [&] { destination.make_symlink(destination.fd(), item, "target"); }}) {
    EXPECT_THAT(refusal(make),
                HasSubstr("inside/name: File exists: remove it or extract"));
  }
  EXPECT_FALSE(destination.has_grown());
  EXPECT_EQ(test::read_file(inside_ / "name"), "old");
}

TEST_F(DestinationTest, NameThatIsThereGivesWayIfItIsToBeReplaced) {
  const Destination destination(inside_, plan_, true);
  fs::create_symlink(outside_ / "file", inside_ / "name");
  const base::Fd made = destination.make_file(destination.fd(), file("name"));
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(inside_ / "name")));
  EXPECT_EQ(test::read_file(outside_ / "file"), "outside");
  EXPECT_TRUE(destination.has_grown());
}

TEST_F(DestinationTest, DirectoryGivesWayToNothingButADirectory) {
  const Destination destination(inside_, plan_, true);
  fs::create_directory(inside_ / "name");
  test::write_file(inside_ / "name/file", "old");
  EXPECT_NE(refusal([&] {
              static_cast<void>(destination.make_file(destination.fd(), file("name")));
            }),
            "");
  destination.make_directory(destination.fd(), file("name"));
  EXPECT_EQ(test::read_file(inside_ / "name/file"), "old");
}

TEST_F(DestinationTest, SymlinkToADirectoryIsNoDirectory) {
  fs::create_directory_symlink(outside_, inside_ / "name");
  const Destination keeping(inside_, plan_, false);
  EXPECT_NE(refusal([&] { keeping.make_directory(keeping.fd(), file("name")); }), "");
  EXPECT_NE(refusal([&] {
              static_cast<void>(keeping.open_directory(keeping.fd(), file("name")));
            }),
            "");
  const Destination replacing(inside_, plan_, true);
  replacing.make_directory(replacing.fd(), file("name"));
  EXPECT_TRUE(fs::is_directory(fs::symlink_status(inside_ / "name")));
}

TEST_F(DestinationTest, WhatIsMadeIsPrivateAtFirst) {
  const Destination destination(inside_, plan_, false);
  const base::Fd made = destination.make_file(destination.fd(), file("file"));
  destination.make_directory(destination.fd(), file("folder"));
  struct stat status {};
  ASSERT_EQ(::fstat(made.get(), &status), 0);
  EXPECT_EQ(status.st_mode & 0177, 0U);
  ASSERT_EQ(::stat((inside_ / "folder").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 077, 0U);
}

TEST_F(DestinationTest, HardLinkNeedsItsFirstName) {
  plan_.files = {file("first")};
  const Destination destination(inside_, plan_, false);
  const HardLink link{kRoot, "second", 0};
  EXPECT_FALSE(destination.make_hard_link(destination.fd(), link, destination.fd()));
  test::write_file(inside_ / "first", "content");
  EXPECT_TRUE(destination.make_hard_link(destination.fd(), link, destination.fd()));
  EXPECT_TRUE(fs::equivalent(inside_ / "first", inside_ / "second"));
}

// Of a tree of directories "d0/d1/..." and beside it "e".
class CursorTest : public DestinationTest {
 protected:
  static constexpr std::uint32_t kDepth = 5;

  CursorTest() {
    for (std::uint32_t depth = 1; depth <= kDepth; ++depth)
      add_directory("d", depth - 1, depth);
    e_ = add_directory("e", kRoot, 1);
    fs::create_directories(inside_ / "d/d/d/d/d");
    fs::create_directory(inside_ / "e");
  }

  // The path below the destination where the cursor is.
  static std::string place(int fd, const fs::path& inside) {
    return fs::read_symlink("/proc/self/fd/" + std::to_string(fd))
        .lexically_relative(fs::canonical(inside))
        .native();
  }

  DirectoryIndex e_ = 0;
  Identities identities_ = Identities(2 + kDepth);
};

TEST_F(CursorTest, GoesFromAnyDirectoryToAnyOther) {
  const Destination destination(inside_, plan_, false);
  Cursor cursor(destination, identities_);
  const std::vector<std::string> paths = {".",       "d",         "d/d", "d/d/d",
                                          "d/d/d/d", "d/d/d/d/d", "e"};
  for (DirectoryIndex from = 0; from < paths.size(); ++from) {
    for (DirectoryIndex to = 0; to < paths.size(); ++to) {
      cursor.go_to(from);
      EXPECT_EQ(place(cursor.go_to(to), inside_), paths[to]) << from;
    }
  }
}

TEST_F(CursorTest, SymlinkInADirectorysPlaceIsNotFollowed) {
  const Destination destination(inside_, plan_, false);
  Cursor cursor(destination, identities_);
  fs::remove(inside_ / "e");
  fs::create_directory_symlink(outside_, inside_ / "e");
  EXPECT_NE(refusal([&] { cursor.go_to(e_); }), "");
}

// Then ".." leads out of the destination.
TEST_F(CursorTest, DirectoryThatIsMovedAwayEndsIt) {
  const Destination destination(inside_, plan_, false);
  Cursor cursor(destination, identities_);
  for (DirectoryIndex to = 0; to < identities_.size(); ++to) cursor.go_to(to);
  cursor.go_to(3);
  fs::rename(inside_ / "d/d/d", outside_ / "d");
  EXPECT_THAT(refusal([&] { cursor.go_to(2); }),
              HasSubstr("directories are moved meanwhile"));
}

TEST_F(CursorTest, AnotherDirectoryInItsPlaceEndsIt) {
  const Destination destination(inside_, plan_, false);
  Cursor first(destination, identities_);
  first.go_to(e_);
  fs::rename(inside_ / "e", outside_ / "e");
  fs::create_directory(inside_ / "e");
  Cursor second(destination, std::as_const(identities_));
  EXPECT_THAT(refusal([&] { second.go_to(e_); }),
              HasSubstr("directories are moved meanwhile"));
}

}  // namespace
}  // namespace xar::extract
