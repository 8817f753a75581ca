// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/mount.hpp"

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
    surroundings_.roots = {scratch_ / "missing", root_};
    header_.uuid = "b78cddc6";
  }

  static void set_mode(const std::filesystem::path& path, mode_t mode) {
    if (::chmod(path.c_str(), mode) != 0) throw std::runtime_error("chmod");
  }

  test::Scratch scratch_;
  std::filesystem::path root_;
  Surroundings surroundings_;
  header::Header header_;
};

TEST_F(LocateTest, NamesTheMountAsTheOriginalDoes) {
  const Place place = locate(header_, surroundings_);
  EXPECT_EQ(place.user_folder, root_ / ("uid-" + std::to_string(::geteuid())));
  EXPECT_THAT(place.name,
              MatchesRegex("b78cddc6-seed-nspid[0-9]+(_cgpid[0-9]+)?-ns-[0-9]+"));
  EXPECT_EQ(place.lock_name(), "lockfile." + place.name);
  struct stat status {};
  ASSERT_EQ(::stat("/proc/self/ns/mnt", &status), 0);
  EXPECT_THAT(place.name, ::testing::EndsWith("-ns-" + std::to_string(status.st_ino)));
}

TEST_F(LocateTest, CreatesNothing) {
  locate(header_, surroundings_);
  EXPECT_TRUE(std::filesystem::is_empty(root_));
}

TEST_F(LocateTest, TakesTheCallersSeed) {
  surroundings_.seed = "mine";
  EXPECT_THAT(locate(header_, surroundings_).name,
              MatchesRegex("b78cddc6-seed-mine-ns-[0-9]+"));
}

TEST_F(LocateTest, IgnoresASeedThatIsEmptyOrAPath) {
  const std::string usual = locate(header_, surroundings_).name;
  for (const char* seed : {"", "../x", "/"}) {
    surroundings_.seed = seed;
    EXPECT_EQ(locate(header_, surroundings_).name, usual) << seed;
  }
}

TEST_F(LocateTest, PrefersTheHeadersRoot) {
  const auto own = scratch_ / "own";
  std::filesystem::create_directory(own);
  set_mode(own, 01777);
  header_.mount_root = own;
  EXPECT_EQ(locate(header_, surroundings_).user_folder.parent_path(), own);
}

TEST_F(LocateTest, RefusesARootWithAnotherMode) {
  for (const mode_t mode : {0777u, 0755u, 01775u, 03777u}) {
    set_mode(root_, mode);
    EXPECT_THROW(locate(header_, surroundings_), base::Error) << std::oct << mode;
    header_.mount_root = root_;
    EXPECT_THROW(locate(header_, surroundings_), base::Error) << std::oct << mode;
    header_.mount_root.reset();
  }
}

TEST_F(LocateTest, SaysWhatToDoWithoutAFitRoot) {
  surroundings_.roots = {"/nowhere"};
  try {
    locate(header_, surroundings_);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(
        error.what(),
        HasSubstr("cannot mount below: /nowhere: expected a directory of mode 1777"));
  }
}

TEST_F(LocateTest, PinFindsNothingWhereNothingIs) {
  EXPECT_FALSE(pin(locate(header_, surroundings_)));
}

TEST_F(LocateTest, PinRefusesASquattedFolder) {
  const Place place = locate(header_, surroundings_);
  std::filesystem::create_directory(place.user_folder);
  set_mode(place.user_folder, 0777);
  EXPECT_THROW(pin(place), base::Error);
  std::filesystem::remove(place.user_folder);
  std::filesystem::create_directory_symlink("/", place.user_folder);
  EXPECT_THROW(pin(place), base::Error);
}

}  // namespace
}  // namespace xar::mount
