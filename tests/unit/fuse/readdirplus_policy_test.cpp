// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/readdirplus_policy.hpp"

#include <gtest/gtest.h>

namespace xar::fuse {
namespace {

// Lets the thread use up the answers that have inodes in any case.
void list_a_little(ReaddirplusPolicy& policy, pid_t pid) {
  while (policy.should_send_inodes(pid)) {
  }
}

TEST(ReaddirplusPolicyTest, ThreadThatOnlyListsGetsInodesOnlyAtFirst) {
  ReaddirplusPolicy policy;
  EXPECT_TRUE(policy.should_send_inodes(7));
  EXPECT_TRUE(policy.should_send_inodes(7));
  EXPECT_FALSE(policy.should_send_inodes(7));
  EXPECT_FALSE(policy.should_send_inodes(7));
}

TEST(ReaddirplusPolicyTest, ThreadThatLooksUpGetsInodes) {
  ReaddirplusPolicy policy;
  list_a_little(policy, 7);
  policy.note_lookup(7);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(policy.should_send_inodes(7));
}

TEST(ReaddirplusPolicyTest, LookupBeforeTheFirstListingCounts) {
  ReaddirplusPolicy policy;
  policy.note_lookup(7);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(policy.should_send_inodes(7));
}

TEST(ReaddirplusPolicyTest, ThreadsAreToldApart) {
  ReaddirplusPolicy policy;
  list_a_little(policy, 7);
  policy.note_lookup(8);
  EXPECT_FALSE(policy.should_send_inodes(7));
  EXPECT_TRUE(policy.should_send_inodes(9));
}

// What the kernel asks for itself comes from number 0.
TEST(ReaddirplusPolicyTest, ZeroIsAThreadLikeOthers) {
  ReaddirplusPolicy policy;
  list_a_little(policy, 0);
  EXPECT_FALSE(policy.should_send_inodes(0));
  EXPECT_TRUE(policy.should_send_inodes(1));
}

TEST(ReaddirplusPolicyTest, ForgetsTheThreadThatCameFirst) {
  ReaddirplusPolicy policy;
  list_a_little(policy, 1);
  list_a_little(policy, 2);
  for (pid_t pid = 3; pid <= 65; ++pid) policy.note_lookup(pid);
  EXPECT_FALSE(policy.should_send_inodes(2));
  EXPECT_TRUE(policy.should_send_inodes(1));
}

}  // namespace
}  // namespace xar::fuse
