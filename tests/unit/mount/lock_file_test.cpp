// SPDX-License-Identifier: BSD-2-Clause
#include "mount/place/lock_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount/system/device.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::mount {
namespace {

TEST(ParseLockFile, ReadsNumberAndIdentity) {
  const auto content = parse_lock_file("xar-mount 1f00000002 some-identity\n", 7);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->device, 0x1f00000002U);
  EXPECT_EQ(content->identity, "some-identity");
  EXPECT_EQ(content->server, 7);
}

// A shorter line leaves the end of a longer one behind it.
TEST(ParseLockFile, StopsAtTheEndOfTheLine) {
  EXPECT_EQ(parse_lock_file("xar-mount 0 a\nrest of a longer one\n", {})->identity, "a");
  EXPECT_EQ(parse_lock_file("xar-mount 0 no-end", {})->identity, "no-end");
}

TEST(ParseLockFile, FindsNothingInOtherText) {
  for (const char* text :
       {"", "\n", "xar-mount", "xar-mount ", "xar-mount 1", "xar-mount 1 ",
        "xar-mount 1 \n", "xar-mount  a", "xar-mount x a", "xar-mount -1 a",
        "xar-mount 0x1 a", "xar-mount +1 a", "xar-mount 1a", "xar-mount 1\na",
        "XAR-mount 1 a", " xar-mount 1 a", "xar-mount 10000000000000000 a"}) {
    EXPECT_FALSE(parse_lock_file(text, {})) << text;
  }
}

TEST(ParseLockFile, TakesTheLargestNumber) {
  EXPECT_EQ(parse_lock_file("xar-mount ffffffffffffffff a", {})->device, UINT64_MAX);
}

TEST(ParseLockFile, TakesNoMoreOfAnIdentityThanIsWritten) {
  const std::string longest(128, 'i');
  EXPECT_EQ(parse_lock_file("xar-mount 1 " + longest + "beyond\n", {})->identity,
            longest);
}

TEST(ParseLockFile, SurvivesTextThatIsCutShort) {
  const std::string whole = "xar-mount 12 identity\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto content = parse_lock_file(whole.substr(0, size), {});
    EXPECT_EQ(content.has_value(), size > whole.find("identity")) << size;
  }
}

TEST(LockFileContent, IsOfAnArchiveOnlyWithAServer) {
  Archive archive;
  archive.identity = "identity";
  EXPECT_TRUE((LockFileContent{"identity", 1, 7}.is_of(archive)));
  EXPECT_TRUE((LockFileContent{"identity", 1, 0}.is_of(archive)));
  EXPECT_FALSE((LockFileContent{"identity", 1, {}}.is_of(archive)));
  EXPECT_FALSE((LockFileContent{"other", 1, 7}.is_of(archive)));
}

class LockFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const {
    return slot_.user_folder / slot_.lock_name();
  }

  const test::Scratch scratch_;
  const MountSlot slot_{scratch_ / "user", "name"};
  const UserFolder folder_ = UserFolder::ensure(slot_);
  const Lock lock_{folder_, slot_};
};

TEST_F(LockFileTest, SaysNothingBeforeItIsWritten) {
  EXPECT_FALSE(read_lock_file(folder_, slot_));
}

TEST_F(LockFileTest, SaysWhatWasWrittenLast) {
  write_lock_file(lock_.fd(), {std::string(100, 'l'), UINT64_MAX, {}});
  write_lock_file(lock_.fd(), {"short", 2, {}});
  const auto content = read_lock_file(folder_, slot_);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->identity, "short");
  EXPECT_EQ(content->device, 2U);
  EXPECT_FALSE(content->server);
}

TEST_F(LockFileTest, NamesTheProcessThatHoldsIt) {
  write_lock_file(lock_.fd(), {"identity", 2, {}});
  const LeaseLock lease(folder_, slot_);
  test::WaitingChild server([&lease] { ASSERT_TRUE(lease.try_acquire()); });
  EXPECT_EQ(read_lock_file(folder_, slot_)->server, server.pid());
  EXPECT_FALSE(lease.try_acquire());
  server.end();
  EXPECT_FALSE(read_lock_file(folder_, slot_)->server);
  EXPECT_TRUE(lease.try_acquire());
}

TEST_F(LockFileTest, ReadingMarksItAsUsed) {
  write_lock_file(lock_.fd(), {"identity", 2, {}});
  const timespec old[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(::futimens(lock_.fd(), old), 0);
  static_cast<void>(read_lock_file(folder_, slot_));
  struct stat status {};
  ASSERT_EQ(::fstat(lock_.fd(), &status), 0);
  EXPECT_GT(status.st_mtime, 1000);
}

TEST_F(LockFileTest, FileThatIsASymlinkOrAPipeSaysNothing) {
  write_lock_file(lock_.fd(), {"identity", 2, {}});
  std::filesystem::rename(path(), scratch_ / "elsewhere");
  EXPECT_FALSE(read_lock_file(folder_, slot_));
  std::filesystem::create_symlink(scratch_ / "elsewhere", path());
  EXPECT_FALSE(read_lock_file(folder_, slot_));
  std::filesystem::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_FALSE(read_lock_file(folder_, slot_));
}

TEST_F(LockFileTest, PathIsGivenForTheFileSystemOfItsRootOnly) {
  write_lock_file(lock_.fd(), {"identity", 2, {}});
  const base::Fd root = folder_.ensure_mount_point(slot_);
  const std::uint64_t device = device_of(root.get());
  EXPECT_FALSE(is_path_given(lock_.fd(), device));
  note_path_given(slot_.directory(), root.get());
  EXPECT_TRUE(is_path_given(lock_.fd(), device));
  EXPECT_FALSE(is_path_given(lock_.fd(), device + 1));
  EXPECT_EQ(read_lock_file(folder_, slot_)->identity, "identity");
}

TEST_F(LockFileTest, NotingAPathMakesNoFileAndFollowsNoSymlink) {
  const base::Fd root = folder_.ensure_mount_point(slot_);
  std::filesystem::remove(path());
  note_path_given(slot_.directory(), root.get());
  EXPECT_FALSE(std::filesystem::exists(path()));
  test::write_file(scratch_ / "victim", "content");
  std::filesystem::create_symlink(scratch_ / "victim", path());
  note_path_given(slot_.directory(), root.get());
  EXPECT_EQ(test::read_file(scratch_ / "victim"), "content");
}

TEST_F(LockFileTest, IdentityTellsFilesAndImagesApart) {
  test::write_file(scratch_ / "a", "content");
  test::write_file(scratch_ / "b", "content");
  const base::Fd a = base::open_file(scratch_ / "a", O_RDONLY);
  const base::Fd b = base::open_file(scratch_ / "b", O_RDONLY);
  header::Header header;
  const std::string identity = identify("a", a.get(), header).identity;
  EXPECT_EQ(identify("another name", a.get(), header).identity, identity);
  EXPECT_NE(identify("a", b.get(), header).identity, identity);
  header.offset += 4096;
  EXPECT_NE(identify("a", a.get(), header).identity, identity);
}

// The lock file has room for it, and its line has no other space.
TEST_F(LockFileTest, IdentityIsReadBackWhole) {
  header::Header header;
  header.offset = UINT64_MAX;
  const std::string identity = identify("lock", lock_.fd(), header).identity;
  write_lock_file(lock_.fd(), {identity, UINT64_MAX, {}});
  EXPECT_EQ(read_lock_file(folder_, slot_)->identity, identity);
}

}  // namespace
}  // namespace xar::mount
