// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class LocateTest : public ::testing::Test {
 protected:
  LocateTest() {
    root_ = scratch_ / "root";
    std::filesystem::create_directory(root_);
    set_mode(root_, 01777);
    context_.roots = {scratch_ / "missing", root_};
    header_.uuid = "b78cddc6";
  }

  static void set_mode(const std::filesystem::path& path, mode_t mode) {
    if (::chmod(path.c_str(), mode) != 0) throw std::runtime_error("chmod");
  }

  test::Scratch scratch_;
  std::filesystem::path root_;
  MountContext context_;
  header::Header header_;
};

TEST_F(LocateTest, NamesTheMountAsTheOriginalDoes) {
  const MountSlot slot = locate(header_, context_).front();
  EXPECT_EQ(slot.user_folder, root_ / ("uid-" + std::to_string(::geteuid())));
  EXPECT_THAT(
      slot.name,
      MatchesRegex("b78cddc6-seed-nspid[0-9]+(_cgpid[0-9]+|_cg[0-9a-f]+)?-ns-[0-9]+"));
  EXPECT_EQ(slot.lock_name(), "lockfile." + slot.name);
  struct stat status {};
  ASSERT_EQ(::stat("/proc/self/ns/mnt", &status), 0);
  EXPECT_THAT(slot.name, ::testing::EndsWith("-ns-" + std::to_string(status.st_ino)));
}

TEST_F(LocateTest, CreatesNothing) {
  locate(header_, context_);
  EXPECT_TRUE(std::filesystem::is_empty(root_));
}

TEST_F(LocateTest, TakesTheCallersSeed) {
  context_.seed = "mine";
  EXPECT_THAT(locate(header_, context_).front().name,
              MatchesRegex("b78cddc6-seed-mine-ns-[0-9]+"));
}

TEST_F(LocateTest, IgnoresASeedThatIsEmptyOrAPath) {
  const std::string usual = locate(header_, context_).front().name;
  for (const char* seed : {"", "../x", "/"}) {
    context_.seed = seed;
    EXPECT_EQ(locate(header_, context_).front().name, usual) << seed;
  }
}

TEST_F(LocateTest, PrefersTheHeadersRoot) {
  const auto own = scratch_ / "own";
  std::filesystem::create_directory(own);
  set_mode(own, 01777);
  header_.mount_root = own;
  EXPECT_EQ(locate(header_, context_).front().user_folder.parent_path(), own);
}

TEST_F(LocateTest, RefusesARootWithAnotherMode) {
  for (const mode_t mode : {0777u, 0755u, 01775u, 03777u}) {
    set_mode(root_, mode);
    EXPECT_THROW(locate(header_, context_), base::Error) << std::oct << mode;
    header_.mount_root = root_;
    EXPECT_THROW(locate(header_, context_), base::Error) << std::oct << mode;
    header_.mount_root.reset();
  }
}

TEST_F(LocateTest, SaysWhatToDoWithoutAFitRoot) {
  context_.roots = {"/nowhere"};
  try {
    locate(header_, context_);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(
        error.what(),
        HasSubstr("cannot mount below: /nowhere: expected a directory of mode 1777"));
  }
}

TEST_F(LocateTest, ComesToTheSessionsFolderLast) {
  context_.runtime_folder = scratch_ / "session";
  EXPECT_EQ(locate(header_, context_).size(), 1U);
  std::filesystem::create_directory(context_.runtime_folder);
  for (const mode_t mode : {0755u, 0770u, 01777u}) {
    set_mode(context_.runtime_folder, mode);
    EXPECT_EQ(locate(header_, context_).size(), 1U) << std::oct << mode;
  }
  set_mode(context_.runtime_folder, 0700);
  const std::vector<MountSlot> slots = locate(header_, context_);
  ASSERT_EQ(slots.size(), 2U);
  EXPECT_EQ(slots[1].directory(), scratch_ / "session/xar" / slots[0].name);
  EXPECT_EQ(slots[1].folder_mode, 0700U);
}

class PinTest : public LocateTest {
 protected:
  PinTest() {
    std::ofstream(scratch_ / "archive") << "content";
    file_ = base::open_file(scratch_ / "archive", O_RDWR);
  }
  [[nodiscard]] Archive archive() const {
    return identify(scratch_ / "archive", file_.get(), header_);
  }

  base::Fd file_;
};

TEST_F(PinTest, KnowsAFileThatHasBeenWrittenTo) {
  const std::string before = archive().identity;
  EXPECT_EQ(archive().identity, before);
  // Times move with the kernel's tick.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  base::write_at(file_.get(), 0, base::as_bytes("CONTENT"), "archive");
  EXPECT_NE(archive().identity, before);
}

TEST_F(PinTest, FindsNothingWhereNothingIs) {
  EXPECT_FALSE(pin(locate(header_, context_), archive()));
}

TEST_F(PinTest, PassesOverASquattedFolder) {
  const std::vector<MountSlot> slots = locate(header_, context_);
  const std::filesystem::path folder = slots.front().user_folder;
  std::filesystem::create_directory(folder);
  set_mode(folder, 0777);
  EXPECT_FALSE(pin(slots, archive()));
  std::filesystem::remove(folder);
  std::filesystem::create_directory_symlink("/", folder);
  EXPECT_FALSE(pin(slots, archive()));
}

TEST_F(PinTest, IsNotTakenInByADirectoryThatIsNoMount) {
  const std::vector<MountSlot> slots = locate(header_, context_);
  const MountSlot& slot = slots.front();
  std::filesystem::create_directories(slot.directory());
  std::ofstream(slot.user_folder / slot.lock_name())
      << "xar-mount 0 " << archive().identity << '\n';
  EXPECT_FALSE(pin(slots, archive()));
}

}  // namespace
}  // namespace xar::mount
