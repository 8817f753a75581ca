// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "support/scratch.hpp"
#include "xar/base/bytes.hpp"
#include "xar/tree.hpp"

namespace xar::tree {
namespace {

constexpr std::uint16_t kOwner = 1, kUser = 2, kGroupOwner = 4, kGroup = 8, kMask = 16,
                        kOthers = 32;

struct Line {
  std::uint16_t tag;
  std::uint16_t permissions;
};

// As acl(5) lists are stored; names are numbers that count up.
std::string list_of(const std::vector<Line>& lines) {
  base::Bytes bytes;
  base::append_le(bytes, std::uint32_t{2});
  std::uint32_t id = 1000;
  for (const Line& line : lines) {
    const bool named = line.tag == kUser || line.tag == kGroup;
    base::append_le(bytes, line.tag);
    base::append_le(bytes, line.permissions);
    base::append_le(bytes, named ? id++ : UINT32_MAX);
  }
  return std::string(base::as_text(bytes));
}

class AclTest : public ::testing::Test {
 protected:
  AclTest() { test::write_file(scratch_ / "file", ""); }

  // False where the file system has no lists.
  bool set(const std::vector<Line>& lines, const char* name = "system.posix_acl_access",
           const char* file = "file") {
    const std::string list = list_of(lines);
    return ::setxattr((scratch_ / file).c_str(), name, list.data(), list.size(), 0) == 0;
  }

  std::uint16_t packed(bool xattrs = true) {
    findings_ = {};
    ScanOptions options;
    options.xattrs = xattrs;
    options.findings = &findings_;
    return scan(scratch_.path(), options).find("file")->permissions;
  }

  test::Scratch scratch_;
  ScanFindings findings_;
};

TEST_F(AclTest, GroupGetsNoMoreThanTheListGrantsIt) {
  const bool is_set =
      set({{kOwner, 6}, {kUser, 6}, {kGroupOwner, 4}, {kMask, 6}, {kOthers, 0}});
  XAR_NEEDS(is_set, "no access control lists here");
  struct stat status {};
  ASSERT_EQ(::stat((scratch_ / "file").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0660U);  // the mask stands for the group
  EXPECT_EQ(packed(), 0640);
  EXPECT_EQ(findings_.files_with_acls, 1U);
  EXPECT_EQ(findings_.named_with_acls.at(0), scratch_ / "file");
  EXPECT_EQ(packed(false), 0640);
  EXPECT_EQ(findings_.files_with_acls, 0U);  // attributes were not wanted
}

// Whom the list names gets what all others get, or the group.
TEST_F(AclTest, NamedUsersGetNoMoreThanBefore) {
  const bool is_set =
      set({{kOwner, 7}, {kUser, 0}, {kGroupOwner, 7}, {kMask, 7}, {kOthers, 5}});
  XAR_NEEDS(is_set, "no access control lists here");
  EXPECT_EQ(packed(), 0700);
  ASSERT_TRUE(
      set({{kOwner, 7}, {kGroupOwner, 7}, {kGroup, 4}, {kMask, 7}, {kOthers, 5}}));
  EXPECT_EQ(packed(), 0774);
  ASSERT_TRUE(set({{kOwner, 7}, {kUser, 7}, {kGroupOwner, 7}, {kMask, 5}, {kOthers, 7}}));
  EXPECT_EQ(packed(), 0755);
}

TEST_F(AclTest, ListForNewFilesIsNotedAndChangesNoMode) {
  std::filesystem::create_directory(scratch_ / "folder");
  ::chmod((scratch_ / "folder").c_str(), 0775);
  const bool is_set =
      set({{kOwner, 7}, {kUser, 7}, {kGroupOwner, 0}, {kMask, 7}, {kOthers, 0}},
          "system.posix_acl_default", "folder");
  XAR_NEEDS(is_set, "no access control lists here");
  ScanOptions options;
  options.findings = &findings_;
  EXPECT_EQ(scan(scratch_.path(), options).find("folder")->permissions, 0775);
  EXPECT_EQ(findings_.files_with_acls, 1U);
}

}  // namespace
}  // namespace xar::tree
