// SPDX-License-Identifier: BSD-2-Clause
// The other slots of an archive: of callers with limits, and beside another archive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mount/place/alternative_slot.hpp"
#include "mount/place/limited.hpp"
#include "support/child.hpp"
#include "support/ordinary_user.hpp"

namespace xar::mount {
namespace {

using ::testing::MatchesRegex;

const MountSlot kSlot{"/root/uid-7", "uuid-seed-x-ns-1", 0700};

// Sets both limits, as a user who may not raise them again.
void limit(int resource, rlim_t value) {
  if (::geteuid() == 0 && ::setresuid(test::kNobody, test::kNobody, test::kNobody) != 0)
    throw std::runtime_error("cannot become an ordinary user");
  const rlimit both{value, value};
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0)
    throw std::runtime_error("cannot set a limit");
}

TEST(LimitedSlot, IsBesideTheUsualOneForThoseWhoKeepALimit) {
  EXPECT_EQ(test::in_child([] {
              limit(RLIMIT_NOFILE, 63);
              const auto slot = limited(kSlot);
              ASSERT_TRUE(slot);
              EXPECT_THAT(slot->name, MatchesRegex("uuid-seed-x-ns-1\\.l[0-9a-f]{8}"));
              EXPECT_EQ(slot->user_folder, kSlot.user_folder);
              EXPECT_EQ(slot->folder_mode, kSlot.folder_mode);
              EXPECT_EQ(limited(kSlot)->name, slot->name);
            }),
            0);
}

TEST(LimitedSlot, DiffersBetweenLimits) {
  EXPECT_EQ(test::in_child([] {
              limit(RLIMIT_NOFILE, 63);
              const std::string name = limited(kSlot).value().name;
              limit(RLIMIT_NOFILE, 62);
              const std::string other = limited(kSlot).value().name;
              EXPECT_NE(other, name);
              limit(RLIMIT_FSIZE, 1 << 19);
              EXPECT_NE(limited(kSlot).value().name, other);
            }),
            0);
}

// Whatever the test itself is limited to.
TEST(LimitedSlot, LimitThatIsEnoughForAServerMakesNoDifference) {
  EXPECT_EQ(test::in_child([] {
              limit(RLIMIT_FSIZE, rlim_t{1} << 40);
              const auto before = limited(kSlot);
              limit(RLIMIT_NOFILE, 64);
              limit(RLIMIT_FSIZE, 1 << 20);
              const auto after = limited(kSlot);
              EXPECT_EQ(before ? before->name : "", after ? after->name : "");
            }),
            0);
}

// Its server ends after little work, which must not be another launch's server.
TEST(LimitedSlot, IsOfOneCallerAloneWhereTheProcessorTimeIsLimited) {
  EXPECT_EQ(test::in_child([] {
              limit(RLIMIT_CPU, 100);
              EXPECT_NE(limited(kSlot).value().name, limited(kSlot).value().name);
            }),
            0);
}

TEST(AlternativeSlot, DependsOnTheArchiveOnly) {
  Archive a;
  a.identity = "a";
  Archive b;
  b.identity = "b";
  EXPECT_EQ(alternative_slot(kSlot, a).name, alternative_slot(kSlot, a).name);
  EXPECT_NE(alternative_slot(kSlot, a).name, alternative_slot(kSlot, b).name);
  EXPECT_EQ(alternative_slot(kSlot, a).folder_mode, kSlot.folder_mode);
}

// Clean-ups find it by its front, and its lock file by its whole name.
TEST(AlternativeSlot, NameFollowsTheUsualOne) {
  Archive archive;
  archive.identity = "a/b\n";
  const MountSlot slot = alternative_slot(kSlot, archive);
  EXPECT_THAT(slot.name, MatchesRegex("uuid-seed-x-ns-1\\.[0-9a-f]+"));
  EXPECT_EQ(slot.lock_name(), "lockfile." + slot.name);
}

}  // namespace
}  // namespace xar::mount
