// SPDX-License-Identifier: BSD-2-Clause
// Of a file with an old time, so that a write changes it however coarse the clock is.
#include "image/file_guard.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/scratch.hpp"
#include "xar/base/file.hpp"

namespace xar::image {
namespace {

class FileGuardTest : public ::testing::Test {
 protected:
  FileGuardTest() {
    test::write_file(path_, "content");
    set_time(1'000'000);
    file_ = base::open_file(path_, O_RDONLY);
    guard_.emplace(file_.get());
  }

  void set_time(std::time_t seconds) const {
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path_.c_str(), times, 0), 0);
  }

  bool is_intact() { return guard_->is_intact({}); }

  const test::Scratch scratch_;
  const std::filesystem::path path_ = scratch_ / "file";
  base::Fd file_;
  std::optional<FileGuard> guard_;
};

TEST_F(FileGuardTest, UntouchedFileIsIntact) {
  EXPECT_TRUE(guard_->is_intact([] {
    ADD_FAILURE() << "compared without need";
    return false;
  }));
  EXPECT_FALSE(guard_->has_changed());
}

TEST_F(FileGuardTest, FileThatWasWrittenToIsNotIntact) {
  test::write_file(path_, "CONTENT");
  EXPECT_FALSE(is_intact());
  EXPECT_TRUE(guard_->has_changed());
  EXPECT_EQ(guard_->size(), 7U);
}

// chmod and link change the time of change only.
TEST_F(FileGuardTest, OtherAttributesAreNoContent) {
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  std::filesystem::create_hard_link(path_, scratch_ / "other");
  EXPECT_TRUE(is_intact());
  EXPECT_FALSE(guard_->has_changed());
}

TEST_F(FileGuardTest, NewTimeOfTheSameContentIsIntactOnlyIfCompared) {
  set_time(2'000'000);
  EXPECT_TRUE(guard_->is_intact([] { return true; }));
  set_time(3'000'000);
  EXPECT_FALSE(is_intact());
}

TEST_F(FileGuardTest, EachStateIsComparedOnce) {
  unsigned compared = 0;
  const auto compare = [&compared] { return ++compared > 100; };
  set_time(2'000'000);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(guard_->is_intact(compare));
  EXPECT_EQ(compared, 1U);
  set_time(3'000'000);
  EXPECT_FALSE(guard_->is_intact(compare));
  EXPECT_EQ(compared, 2U);
}

TEST_F(FileGuardTest, FirstContentAgainIsIntactAgain) {
  test::write_file(path_, "CONTENT");
  EXPECT_FALSE(guard_->is_intact([] { return false; }));
  test::write_file(path_, "content");
  set_time(3'000'000);
  EXPECT_TRUE(guard_->is_intact([] { return true; }));
  EXPECT_FALSE(guard_->has_changed());
}

TEST_F(FileGuardTest, ShorterFileNeedsNoComparing) {
  std::filesystem::resize_file(path_, 6);
  EXPECT_FALSE(guard_->is_intact([] {
    ADD_FAILURE() << "compared what is not there";
    return true;
  }));
}

// What was compared is then neither the old content nor the new.
TEST_F(FileGuardTest, FileThatIsWrittenToWhileItIsComparedIsNotIntact) {
  set_time(2'000'000);
  EXPECT_FALSE(guard_->is_intact([this] {
    set_time(4'000'000);
    return true;
  }));
}

}  // namespace
}  // namespace xar::image
