// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/mount_options.hpp"

#include <gtest/gtest.h>

#include "xar/base/error.hpp"

namespace xar::xarexec {
namespace {

mount::Holding applied(std::string_view list, Unknown unknown = Unknown::kRefused) {
  mount::Holding holding;
  apply_mount_options(list, unknown, holding);
  return holding;
}

TEST(MountOptions, AreThoseThatConcernAXar) {
  const mount::Holding holding = applied("ro,timeout=90,noexec,allow_other,allow_root");
  EXPECT_EQ(holding.timeout, 90U);
  EXPECT_TRUE(holding.noexec);
  EXPECT_TRUE(holding.allow_other);
  EXPECT_TRUE(holding.allow_root);
}

TEST(MountOptions, OfEveryTypeAreUnderstood) {
  const mount::Holding holding = applied(
      "defaults,rw,suid,dev,exec,nouser,async,relatime,nofail,_netdev,offset=4096,"
      "x-systemd.device-timeout=9,,comment=a");
  EXPECT_EQ(holding.timeout, 0U);
  EXPECT_FALSE(holding.noexec);
  EXPECT_FALSE(holding.allow_other);
}

TEST(MountOptions, ThatAreUnknownAreRefusedUnlessPassedOver) {
  EXPECT_THROW(applied("ro,frob"), base::Error);
  EXPECT_THROW(applied("timeouts=3"), base::Error);
  EXPECT_TRUE(applied("frob=1,noexec", Unknown::kPassedOver).noexec);
}

TEST(MountOptions, ThatCannotBeObeyedAreRefused) {
  EXPECT_THROW(applied("remount,ro", Unknown::kPassedOver), base::Error);
  EXPECT_THROW(applied("timeout=soon"), base::Error);
  EXPECT_THROW(applied("timeout"), base::Error);
}

}  // namespace
}  // namespace xar::xarexec
