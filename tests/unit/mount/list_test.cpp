// SPDX-License-Identifier: BSD-2-Clause
#include "xar/mount/list.hpp"

#include <gtest/gtest.h>

namespace xar::mount {
namespace {

Mounted mounted(const std::string& point, Service service) {
  Mounted result;
  result.point = point;
  result.service = service;
  return result;
}

TEST(MountedAt, IsNothingWhereNothingIs) {
  EXPECT_EQ(mounted_at({}, "/a"), nullptr);
  EXPECT_EQ(mounted_at({mounted("/a/b", Service::kServed)}, "/a"), nullptr);
}

// The mount table has the uppermost last.
TEST(MountedAt, IsTheUppermostOfSeveral) {
  const std::vector<Mounted> all = {mounted("/a", Service::kServed),
                                    mounted("/b", Service::kServed),
                                    mounted("/a", Service::kDead)};
  EXPECT_EQ(mounted_at(all, "/a"), &all[2]);
}

TEST(MountedAt, IsAMountHereRatherThanElsewhere) {
  const std::vector<Mounted> all = {mounted("/a", Service::kUnknown),
                                    mounted("/a", Service::kElsewhere)};
  EXPECT_EQ(mounted_at(all, "/a"), &all[0]);
}

TEST(MountedAt, IsOneElsewhereIfThereIsNoOther) {
  const std::vector<Mounted> all = {mounted("/b", Service::kServed),
                                    mounted("/a", Service::kElsewhere),
                                    mounted("/a", Service::kElsewhere)};
  EXPECT_EQ(mounted_at(all, "/a"), &all[1]);
}

}  // namespace
}  // namespace xar::mount
