// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/mount_options.hpp"

#include <gtest/gtest.h>

#include "xar/base/error.hpp"

namespace xar::xarexec {
namespace {

mount::MountOptions applied(std::string_view list, Unknown unknown = Unknown::kRefused) {
  mount::MountOptions options;
  apply_mount_options(list, unknown, options);
  return options;
}

TEST(MountOptions, AreThoseThatConcernAXar) {
  const mount::MountOptions options =
      applied("ro,timeout=90,noexec,allow_other,allow_root");
  EXPECT_EQ(options.timeout, 90U);
  EXPECT_TRUE(options.noexec);
  EXPECT_TRUE(options.allow_other);
  EXPECT_TRUE(options.allow_root);
}

TEST(MountOptions, OfEveryTypeAreUnderstood) {
  const mount::MountOptions options = applied(
      "defaults,rw,suid,dev,exec,nouser,async,relatime,nofail,_netdev,offset=4096,"
      "x-systemd.device-timeout=9,,comment=a");
  EXPECT_EQ(options.timeout, 0U);
  EXPECT_FALSE(options.noexec);
  EXPECT_FALSE(options.allow_other);
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
