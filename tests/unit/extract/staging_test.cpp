// SPDX-License-Identifier: BSD-2-Clause
#include "extract/staging.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"

namespace xar::extract {
namespace {

class StagingTest : public ::testing::Test {
 protected:
  // The number of names beside and including the directory.
  [[nodiscard]] std::size_t names() const {
    return test::names_in(scratch_.path()).size();
  }

  const test::Scratch scratch_;
  const std::filesystem::path final_ = scratch_ / "out";
};

TEST_F(StagingTest, IsHiddenAndPrivateUntilItIsCommitted) {
  StagingDirectory staging(final_);
  EXPECT_EQ(staging.path().parent_path(), scratch_.path());
  EXPECT_TRUE(staging.path().filename().native().starts_with(".out."));
  struct stat status {};
  ASSERT_EQ(::stat(staging.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
  EXPECT_FALSE(std::filesystem::exists(final_));
}

TEST_F(StagingTest, AppearsWhole) {
  {
    StagingDirectory staging(final_);
    test::write_file(staging.path() / "file", "content");
    staging.commit();
  }
  EXPECT_EQ(test::read_file(final_ / "file"), "content");
  EXPECT_EQ(names(), 1U);
}

TEST_F(StagingTest, SlashAtTheEndCountsForNothing) {
  StagingDirectory staging(final_ / "");
  staging.commit();
  EXPECT_TRUE(std::filesystem::is_directory(final_));
}

TEST_F(StagingTest, IsRemovedWithItsContentUnlessCommitted) {
  {
    StagingDirectory staging(final_);
    std::filesystem::create_directories(staging.path() / "a/b");
    test::write_file(staging.path() / "a/b/file", "content");
    std::filesystem::permissions(staging.path() / "a", std::filesystem::perms::none);
  }
  EXPECT_EQ(names(), 0U);
}

TEST_F(StagingTest, ReplacesNothing) {
  StagingDirectory staging(final_);
  for (const bool is_file : {false, true}) {
    if (is_file) {
      test::write_file(final_, "somebody else's");
    } else {
      std::filesystem::create_directory(final_);
    }
    try {
      staging.commit();
      ADD_FAILURE() << "it replaced something";
    } catch (const base::SystemError& error) {
      EXPECT_EQ(error.number(), EEXIST);
    }
    std::filesystem::remove(final_);
  }
  std::filesystem::create_symlink("nowhere", final_);
  EXPECT_THROW(staging.commit(), base::SystemError);
  EXPECT_TRUE(std::filesystem::is_symlink(final_));
}

TEST_F(StagingTest, DiscardingLeavesNothing) {
  StagingDirectory staging(final_);
  test::write_file(staging.path() / "file", "content");
  const std::filesystem::path path = staging.path();
  const std::filesystem::path left = staging.discard();
  // A fifth of a second may be too little on a busy machine: then it says what is left.
  EXPECT_EQ(left.empty(), !std::filesystem::exists(path));
  std::filesystem::remove_all(path);
}

TEST_F(StagingTest, NeedsTheFolderThatItIsIn) {
  EXPECT_THROW(StagingDirectory(scratch_ / "missing/out"), base::SystemError);
}

}  // namespace
}  // namespace xar::extract
