// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/mount_table.hpp"

#include <gtest/gtest.h>

namespace xar::base {
namespace {

// The only entry of a table of one line.
std::optional<MountTableEntry> entry_of(std::string_view line) {
  const std::vector<MountTableEntry> entries = parse_mount_table(line);
  EXPECT_LE(entries.size(), 1U);
  if (entries.empty()) return std::nullopt;
  return entries.front();
}

// A line of that mount point, as the kernel writes it.
std::string line_at(const std::string& point) {
  return "36 35 98:0 / " + point + " rw - ext3 /dev/root rw\n";
}

TEST(MountTable, ReadsEachField) {
  const auto entry = entry_of(
      "36 35 4095:1048575 /root /mnt/point rw,noatime master:1 propagate_from:2 - "
      "fuse.squashfuse_ll /my/archive rw,user_id=1000,group_id=100,allow_other\n");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->device, std::uint64_t{4095} << 32 | 1048575);
  EXPECT_EQ(entry->point, "/mnt/point");
  EXPECT_EQ(entry->type, "fuse.squashfuse_ll");
  EXPECT_EQ(entry->source, "/my/archive");
  EXPECT_EQ(entry->owner, 1000U);
  EXPECT_EQ(entry->group, 100U);
}

TEST(MountTable, NeedsNoOptionalFieldsNorNewline) {
  const auto entry = entry_of("36 35 98:0 / /point rw - ext3 /dev/root rw");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->type, "ext3");
  EXPECT_FALSE(entry->owner);
  EXPECT_FALSE(entry->group);
}

TEST(MountTable, KeepsTheOrder) {
  const auto entries = parse_mount_table(line_at("/b") + line_at("/a") + line_at("/b"));
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[1].point, "/a");
}

TEST(MountTable, PassesOverLinesThatAreNotAsTheyShouldBe) {
  for (const char* line :
       {"", "\n", "36", "36 35 98:0 / /point rw", "36 35 98:0 / /point rw -ext3 a rw",
        "36 35 98 / /point rw - ext3 a rw", "36 35 :0 / /point rw - ext3 a rw",
        "36 35 98: / /point rw - ext3 a rw", "36 35 x:0 / /point rw - ext3 a rw",
        "36 35 4294967296:0 / /point rw - ext3 a rw",
        "36 35 -1:0 / /point rw - ext3 a rw", "36 35 98:0:1 / /point rw - ext3 a rw"}) {
    const auto entries = parse_mount_table(std::string(line) + '\n' + line_at("/good"));
    ASSERT_EQ(entries.size(), 1U) << line;
    EXPECT_EQ(entries.front().point, "/good");
  }
}

TEST(MountTable, SurvivesTextThatIsCutShort) {
  const std::string whole =
      "36 35 98:0 / /a\\040b rw - fuse.x /s rw,user_id=1,group_id=2";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(entry_of(whole.substr(0, size)).has_value(), size > whole.find(" - ") + 2);
}

// Of a directory that is named as if it ended the options.
TEST(MountTable, NamesWithADashEndNothing) {
  const auto entry = entry_of("36 35 98:0 / /a\\040-\\040b rw - ext3 c\\040-\\040d rw\n");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->point, "/a - b");
  EXPECT_EQ(entry->type, "ext3");
  EXPECT_EQ(entry->source, "c - d");
}

TEST(MountTable, UnescapesWhatTheKernelEscapes) {
  EXPECT_EQ(entry_of(line_at("/a\\040b\\011c\\012d\\134e"))->point, "/a b\tc\nd\\e");
  EXPECT_EQ(entry_of(line_at("/\\377"))->point, "/\xff");
}

TEST(MountTable, LeavesWhatIsNoEscapeAsItIs) {
  for (const char* point :
       {"/a\\", "/a\\04", "/a\\048", "/a\\x40", "/a\\400", "/\\-01"}) {
    EXPECT_EQ(entry_of(line_at(point))->point, point);
  }
  EXPECT_EQ(entry_of(line_at("/\\\\040"))->point, "/\\ ");
}

TEST(MountTable, OwnerIsAnOptionOfItsOwn) {
  const auto owner = [](const std::string& options) {
    return entry_of("36 35 98:0 / /a rw - fuse s " + options)->owner;
  };
  EXPECT_FALSE(owner("rw,fsuser_id=1"));
  EXPECT_FALSE(owner("rw,user_id="));
  EXPECT_FALSE(owner("rw,user_id=x"));
  EXPECT_FALSE(owner("rw,user_id=4294967296"));
  EXPECT_EQ(owner("user_id=0"), 0U);
  EXPECT_EQ(owner("rw,user_id=4294967295,x"), 4294967295U);
}

}  // namespace
}  // namespace xar::base
