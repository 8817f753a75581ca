// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/ownership.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "support/scratch.hpp"

namespace xar::base {
namespace {

namespace fs = std::filesystem;

TEST(IsMapped, CountsFromTheFirstNumberOfALine) {
  const char* map =
      "         0       1000          1\n         1     100000      65536\n";
  EXPECT_TRUE(is_mapped(0, map));
  EXPECT_TRUE(is_mapped(65536, map));
  EXPECT_FALSE(is_mapped(65537, map));
}

TEST(IsMapped, ASandboxOfOneUserMapsNobodyElse) {
  const char* map = "      1000       1000          1\n";
  EXPECT_TRUE(is_mapped(1000, map));
  EXPECT_FALSE(is_mapped(0, map));
  EXPECT_FALSE(is_mapped(65534, map));
}

TEST(IsMapped, TheWholeRangeMapsNobodyToo) {
  EXPECT_TRUE(is_mapped(65534, "         0          0 4294967295\n"));
}

TEST(IsMapped, WhatIsNoMapMapsNobody) {
  for (const char* text : {"", "\n", "0", "0 0", "a b c\n", "0 0 99999999999\n"}) {
    EXPECT_FALSE(is_mapped(0, text)) << text;
  }
}

class OwnershipTest : public ::testing::Test {
 protected:
  test::Scratch scratch_;
};

TEST_F(OwnershipTest, TheNearestExistingDirectoryDecides) {
  EXPECT_TRUE(may_keep_files_at(scratch_ / "not/yet/there"));
  EXPECT_FALSE(may_keep_files_at("relative"));
  EXPECT_FALSE(may_keep_files_at(""));
}

TEST_F(OwnershipTest, ADirectoryOfAllNeedsTheStickyBit) {
  const fs::path directory = scratch_ / "all";
  fs::create_directory(directory);
  for (const mode_t mode : {0700, 0755, 01777, 01770}) {
    ASSERT_EQ(::chmod(directory.c_str(), mode), 0);
    EXPECT_TRUE(is_safe_shared_directory(directory)) << std::oct << mode;
  }
  for (const mode_t mode : {0777, 0770, 0775}) {
    ASSERT_EQ(::chmod(directory.c_str(), mode), 0);
    EXPECT_FALSE(is_safe_shared_directory(directory)) << std::oct << mode;
  }
  EXPECT_FALSE(is_safe_shared_directory(directory / "none"));
}

// As root, who could give the files away.
class RootOwnershipTest : public OwnershipTest {
 protected:
  void SetUp() override {
    XAR_NEEDS_ROOT();
    fs::create_directory(home_);
    ASSERT_EQ(::chown(home_.c_str(), 1000, 1000), 0);
  }

  fs::path home_ = scratch_ / "home";
};

TEST_F(RootOwnershipTest, AUsersHomeIsNoPlaceForFilesOfRoot) {
  EXPECT_FALSE(may_keep_files_at(home_));
  EXPECT_FALSE(may_keep_files_at(home_ / ".cache"));
  // Not even in what root has made there: the user can rename it.
  fs::create_directory(home_ / ".cache");
  EXPECT_FALSE(may_keep_files_at(home_ / ".cache"));
  EXPECT_FALSE(may_keep_files_at(home_ / ".cache/xar"));
  EXPECT_FALSE(is_safe_shared_directory(home_));
}

TEST_F(RootOwnershipTest, NorIsWhereAUsersLinkLeads) {
  fs::create_directory(scratch_ / "target");
  fs::create_symlink(scratch_ / "target", scratch_ / "link");
  EXPECT_TRUE(may_keep_files_at(scratch_ / "link"));
  ASSERT_EQ(::lchown((scratch_ / "link").c_str(), 1000, 1000), 0);
  EXPECT_FALSE(may_keep_files_at(scratch_ / "link"));
  EXPECT_FALSE(may_keep_files_at(scratch_ / "link/more"));
}

TEST_F(RootOwnershipTest, NorWhereRootsLinkLeadsIntoAHome) {
  fs::create_symlink(home_, scratch_ / "own-link");
  EXPECT_FALSE(may_keep_files_at(scratch_ / "own-link"));
}

}  // namespace
}  // namespace xar::base
