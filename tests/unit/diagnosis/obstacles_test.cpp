// SPDX-License-Identifier: BSD-2-Clause
#include "diagnosis/obstacles.hpp"

#include <gtest/gtest.h>

#include <set>

#include "diagnosis/findings.hpp"

namespace xar::diagnosis {
namespace {

// All findings, of which those named are bad.
std::vector<Finding> with_bad(const std::set<std::string>& bad) {
  std::vector<Finding> findings;
  for (const char* subject : {kDeviceSubject, kPrivilegeSubject, kHelperSubject,
                              kNamespaceSubject, kNamespaceMountSubject}) {
    const bool is_good = !bad.contains(subject);
    findings.push_back({subject, is_good, is_good ? "works" : "fails", ""});
  }
  return findings;
}

TEST(Obstacles, AreNoneWhereAllIsGood) {
  for (const bool is_root : {false, true}) {
    EXPECT_EQ(obstacles_in(with_bad({}), is_root).to_fuse, "");
    EXPECT_EQ(obstacles_in(with_bad({}), is_root).to_userns, "");
  }
}

TEST(Obstacles, MissingDeviceKeepsEveryoneFromMounting) {
  for (const bool is_root : {false, true}) {
    EXPECT_EQ(obstacles_in(with_bad({kDeviceSubject}), is_root).to_fuse,
              "/dev/fuse fails");
  }
}

TEST(Obstacles, WhoMayMountNeedsNoHelper) {
  EXPECT_EQ(obstacles_in(with_bad({kHelperSubject}), true).to_fuse, "");
  EXPECT_EQ(obstacles_in(with_bad({kHelperSubject}), false).to_fuse, "");
}

TEST(Obstacles, WhoMayNotMountNeedsTheHelper) {
  EXPECT_EQ(obstacles_in(with_bad({kPrivilegeSubject}), false).to_fuse, "");
  EXPECT_EQ(obstacles_in(with_bad({kPrivilegeSubject, kHelperSubject}), false).to_fuse,
            "fusermount3 fails");
}

TEST(Obstacles, HelperDoesNothingThatRootMayNot) {
  EXPECT_EQ(obstacles_in(with_bad({kPrivilegeSubject}), true).to_fuse, "mount(2) fails");
}

TEST(Obstacles, NamespacesAreAWayOfTheirOwn) {
  EXPECT_EQ(obstacles_in(with_bad({kNamespaceSubject}), false).to_fuse, "");
  EXPECT_EQ(obstacles_in(with_bad({kNamespaceSubject}), false).to_userns,
            "user namespaces fails");
  EXPECT_EQ(obstacles_in(with_bad({kNamespaceMountSubject}), false).to_userns,
            "FUSE in a user namespace fails");
}

TEST(Mounter, IsTheHelperOnlyWhereTheCallerMayNot) {
  EXPECT_STREQ(mounter_in(with_bad({})), kPrivilegeSubject);
  EXPECT_STREQ(mounter_in(with_bad({kPrivilegeSubject})), kHelperSubject);
}

}  // namespace
}  // namespace xar::diagnosis
