// SPDX-License-Identifier: BSD-2-Clause
// Anyone may create things beside a user's folder, and programs of the user inside.
#include "mount/place/user_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/child.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"

namespace xar::mount {
namespace {

using ::testing::HasSubstr;

class UserFolderTest : public ::testing::Test {
 protected:
  // What `call` fails with; empty if it does not.
  static std::string refusal(const std::function<void()>& call) {
    try {
      call();
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }

  const test::Scratch scratch_;
  const MountSlot slot_{scratch_ / "user", "name"};
};

TEST_F(UserFolderTest, MissingOneIsNoError) {
  EXPECT_FALSE(UserFolder::open(slot_));
}

TEST_F(UserFolderTest, IsMadeWithItsModeWhateverTheUmask) {
  for (const mode_t mode : {0755U, 0700U}) {
    const MountSlot slot{scratch_ / ("user" + std::to_string(mode)), "name", mode};
    EXPECT_EQ(test::in_child([&] {
                ::umask(0777);
                UserFolder::ensure(slot);
              }),
              0);
    EXPECT_EQ(mode_of(slot.user_folder), mode);
    EXPECT_TRUE(UserFolder::open(slot));
  }
}

TEST_F(UserFolderTest, EnsureAcceptsTheOneThatIsThere) {
  UserFolder::ensure(slot_);
  test::write_file(slot_.user_folder / "file", "content");
  UserFolder::ensure(slot_);
  EXPECT_EQ(test::read_file(slot_.user_folder / "file"), "content");
}

TEST_F(UserFolderTest, OfAnotherModeIsRefused) {
  UserFolder::ensure(slot_);
  for (const mode_t mode : {0700U, 0775U, 0777U, 01755U, 02755U}) {
    ASSERT_EQ(::chmod(slot_.user_folder.c_str(), mode), 0);
    EXPECT_THAT(refusal([&] { UserFolder::open(slot_); }),
                HasSubstr("expected a directory of mode 0755"))
        << mode;
    EXPECT_THROW(UserFolder::ensure(slot_), base::Error) << mode;
  }
}

TEST_F(UserFolderTest, ThatIsASymlinkOrAFileIsRefused) {
  std::filesystem::create_directory(scratch_ / "elsewhere");
  ASSERT_EQ(::chmod((scratch_ / "elsewhere").c_str(), 0755), 0);
  std::filesystem::create_directory_symlink(scratch_ / "elsewhere", slot_.user_folder);
  EXPECT_THROW(UserFolder::open(slot_), base::Error);
  EXPECT_THROW(UserFolder::ensure(slot_), base::Error);
  std::filesystem::remove(slot_.user_folder);
  test::write_file(slot_.user_folder, "");
  EXPECT_THROW(UserFolder::open(slot_), base::Error);
}

TEST_F(UserFolderTest, MountPointHasItsModeWhateverTheUmask) {
  EXPECT_EQ(test::in_child([&] {
              ::umask(0777);
              EXPECT_TRUE(UserFolder::ensure(slot_).ensure_mount_point(slot_));
            }),
            0);
  EXPECT_EQ(mode_of(slot_.directory()), 0755U);
}

TEST_F(UserFolderTest, MountPointOfAnotherModeOrKindIsRefused) {
  const UserFolder folder = UserFolder::ensure(slot_);
  const auto ensure = [&] { static_cast<void>(folder.ensure_mount_point(slot_)); };
  std::filesystem::create_directory(slot_.directory());
  ASSERT_EQ(::chmod(slot_.directory().c_str(), 0777), 0);
  EXPECT_THAT(refusal(ensure), HasSubstr("expected a directory of mode 0755"));
  std::filesystem::remove(slot_.directory());
  std::filesystem::create_directory(scratch_ / "elsewhere");
  ASSERT_EQ(::chmod((scratch_ / "elsewhere").c_str(), 0755), 0);
  std::filesystem::create_directory_symlink(scratch_ / "elsewhere", slot_.directory());
  EXPECT_THROW(ensure(), base::Error);
}

TEST_F(UserFolderTest, StaysTheSameFolderWhenItsNameIsGivenAway) {
  const UserFolder folder = UserFolder::ensure(slot_);
  test::write_file(slot_.user_folder / "file", "own");
  std::filesystem::rename(slot_.user_folder, scratch_ / "moved");
  std::filesystem::create_directory(slot_.user_folder);
  EXPECT_TRUE(folder.open_file("file", O_RDONLY));
}

TEST_F(UserFolderTest, OpensNoSymlinksAndDoesNotWaitForPipes) {
  const UserFolder folder = UserFolder::ensure(slot_);
  std::filesystem::create_symlink("/etc/passwd", slot_.user_folder / "link");
  EXPECT_FALSE(folder.open_file("link", O_RDONLY));
  ASSERT_EQ(::mkfifo((slot_.user_folder / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(folder.open_file("pipe", O_RDONLY));
  EXPECT_FALSE(folder.open_directory("pipe"));
}

TEST_F(UserFolderTest, RemovingKeepsTheLockOfAMountPointInUse) {
  const UserFolder folder = UserFolder::ensure(slot_);
  const Lock lock(folder, slot_);
  static_cast<void>(folder.ensure_mount_point(slot_));
  folder.remove(slot_);
  EXPECT_TRUE(std::filesystem::is_empty(slot_.user_folder));
}

TEST_F(UserFolderTest, LockIsHeldOnce) {
  const UserFolder folder = UserFolder::ensure(slot_);
  const base::Fd other = [&] {
    const Lock lock(folder, slot_);
    base::Fd fd = folder.open_file(slot_.lock_name(), O_RDWR);
    EXPECT_FALSE(Lock::try_to_take(fd.get(), folder, slot_));
    return fd;
  }();
  EXPECT_TRUE(Lock::try_to_take(other.get(), folder, slot_));
}

TEST_F(UserFolderTest, LockOfARemovedFileIsNoLock) {
  const UserFolder folder = UserFolder::ensure(slot_);
  { const Lock lock(folder, slot_); }
  const base::Fd old = folder.open_file(slot_.lock_name(), O_RDWR);
  std::filesystem::remove(slot_.user_folder / slot_.lock_name());
  EXPECT_FALSE(Lock::try_to_take(old.get(), folder, slot_));
  { const Lock lock(folder, slot_); }
  EXPECT_FALSE(Lock::try_to_take(old.get(), folder, slot_));
  EXPECT_FALSE(is_named(old.get(), folder.fd(), slot_.lock_name()));
}

// Whoever waits for a lock must not take that of a file that has been replaced.
TEST_F(UserFolderTest, RenewedLockIsOfAFreshFile) {
  const UserFolder folder = UserFolder::ensure(slot_);
  Lock lock(folder, slot_);
  const base::Fd waiting = folder.open_file(slot_.lock_name(), O_RDWR);
  lock.renew(folder, slot_);
  EXPECT_TRUE(is_named(lock.fd(), folder.fd(), slot_.lock_name()));
  EXPECT_FALSE(is_named(waiting.get(), folder.fd(), slot_.lock_name()));
  EXPECT_FALSE(Lock::try_to_take(waiting.get(), folder, slot_));
  const base::Fd fresh = folder.open_file(slot_.lock_name(), O_RDWR);
  EXPECT_FALSE(Lock::try_to_take(fresh.get(), folder, slot_));
}

TEST_F(UserFolderTest, LockFileThatOthersCanUseIsRefused) {
  const UserFolder folder = UserFolder::ensure(slot_);
  test::write_file(slot_.user_folder / slot_.lock_name(), "");
  ASSERT_EQ(::chmod((slot_.user_folder / slot_.lock_name()).c_str(), 0644), 0);
  EXPECT_THAT(refusal([&] { const Lock lock(folder, slot_); }),
              HasSubstr("expected a file of mode 0600"));
}

}  // namespace
}  // namespace xar::mount
