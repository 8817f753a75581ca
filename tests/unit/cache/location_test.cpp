// SPDX-License-Identifier: BSD-2-Clause
// Which folder a location stands for, and when it is none.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cache/folder.hpp"
#include "support/scratch.hpp"
#include "xar/cache.hpp"

namespace xar::cache {
namespace {

namespace fs = std::filesystem;

class LocationTest : public ::testing::Test {
 protected:
  LocationTest() {
    fs::create_directory(shared_);
    ::chmod(shared_.c_str(), 01777);
  }

  test::Scratch scratch_;
  fs::path shared_ = scratch_ / "tmp";
  Location in_shared_{shared_ / "xar-1000", true};
};

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST_F(LocationTest, IsMadeWithTheDirectoryAboveIt) {
  const Location location{scratch_ / "cache/xar", false};
  EXPECT_FALSE(Folder::open(location));
  EXPECT_EQ(Folder::ensure(location).path(), location.folder);
  EXPECT_EQ(mode_of(location.folder), 0700U);
  const Location deeper{scratch_ / "no/such/xar", false};
  EXPECT_THROW(Folder::ensure(deeper), base::SystemError);
}

TEST_F(LocationTest, IsOnlyTheUsersWhateverTheUmask) {
  const mode_t before = ::umask(0777);
  Folder::ensure(in_shared_);
  ::umask(before);
  EXPECT_EQ(mode_of(in_shared_.folder), 0700U);
}

TEST_F(LocationTest, ATakenNameGetsASuffixThatIsFoundAgain) {
  const auto takes = {
      +[](const fs::path& name) { fs::create_symlink("elsewhere", name); },
      +[](const fs::path& name) { std::ofstream(name).close(); },
      +[](const fs::path& name) {
        fs::create_directory(name);
        ::chmod(name.c_str(), 0777);
      }};
  fs::create_directory(shared_ / "elsewhere");
  for (const auto& take : takes) {
    take(in_shared_.folder);
    const fs::path made = Folder::ensure(in_shared_).path();
    EXPECT_NE(made, in_shared_.folder);
    EXPECT_TRUE(made.native().starts_with(in_shared_.folder.native() + "-"));
    EXPECT_EQ(mode_of(made), 0700U);
    EXPECT_EQ(Folder::ensure(in_shared_).path(), made);
    ASSERT_TRUE(Folder::open(in_shared_));
    EXPECT_EQ(Folder::open(in_shared_)->path(), made);
    fs::remove(in_shared_.folder);
    EXPECT_EQ(Folder::open_all(in_shared_).size(), 1U);
    fs::remove(made);
  }
  EXPECT_TRUE(fs::is_empty(shared_ / "elsewhere"));
}

TEST_F(LocationTest, ADirectoryOfAllWithoutStickyBitIsUnusable) {
  ::chmod(shared_.c_str(), 0777);
  EXPECT_THROW(Folder::open(in_shared_), base::Error);
  EXPECT_NE(examine(in_shared_).problem, "");
}

TEST_F(LocationTest, AFolderInWhichOthersWriteIsUnusable) {
  const Location location{scratch_ / "cache/xar", false};
  Folder::ensure(location);
  ::chmod(location.folder.c_str(), 0770);
  EXPECT_THROW(Folder::open(location), base::Error);
}

TEST_F(LocationTest, ExaminingMakesNothing) {
  const Location location{scratch_ / "cache/xar", false};
  EXPECT_EQ(examine(location).problem, "");
  EXPECT_EQ(examine(in_shared_).problem, "");
  EXPECT_GT(examine(in_shared_).free_bytes, 0U);
  EXPECT_FALSE(fs::exists(scratch_ / "cache"));
  EXPECT_TRUE(fs::is_empty(shared_));
}

TEST_F(LocationTest, ExaminingThrowsNothing) {
  for (const fs::path& folder :
       {fs::path(), fs::path("relative"), fs::path("/proc/self/none/xar"),
        fs::path("/dev/null/xar")}) {
    for (const bool shared : {false, true}) {
      EXPECT_NE(examine({folder, shared}).problem, "") << folder;
      is_noexec({folder, shared});
    }
  }
}

}  // namespace
}  // namespace xar::cache
