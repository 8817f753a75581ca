// SPDX-License-Identifier: BSD-2-Clause
#include "mount/system/cgroup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xar::mount {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;

std::string part_of(std::string_view text) {
  return cgroup_name_part(parse_cgroups(text));
}

TEST(CgroupTest, IsParsed) {
  const auto groups = parse_cgroups(
      "4:cpu,cpuacct:/user.slice\n1:name=systemd:/a:b\n0::/init.scope\nbad\n7:bad");
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].controllers, "cpu,cpuacct");
  EXPECT_EQ(groups[0].directory(), "/sys/fs/cgroup/cpu,cpuacct/user.slice");
  EXPECT_EQ(groups[1].path, "/a:b");
  EXPECT_EQ(groups[1].directory(), "/sys/fs/cgroup/systemd/a:b");
  EXPECT_EQ(groups[2].controllers, "");
}

TEST(CgroupTest, NamesNothingWhereNothingIsKnown) {
  EXPECT_THAT(part_of(""), IsEmpty());
  EXPECT_THAT(part_of("nonsense\n"), IsEmpty());
  EXPECT_THAT(part_of("0::/a/path/that/is/not/there\n"), IsEmpty());
}

// The service's cgroup may be of any of the hierarchies, wherever its line stands.
TEST(CgroupTest, TellsServicesApartInEachHierarchy) {
  const std::string lines[] = {"12:cpuset:", "8:pids:", "1:name=systemd:", "0::"};
  const auto text_of = [&](std::size_t moved, const std::string& path) {
    std::string text;
    for (std::size_t i = 0; i < std::size(lines); ++i) {
      text += lines[i] + (i == moved ? path : "/") + '\n';
    }
    return text;
  };
  for (std::size_t i = 0; i < std::size(lines); ++i) {
    const std::string first = part_of(text_of(i, "/system.slice/a.service"));
    EXPECT_THAT(first, MatchesRegex("_cg[0-9a-f]{16}")) << lines[i];
    EXPECT_EQ(part_of(text_of(i, "/system.slice/a.service")), first);
    EXPECT_NE(part_of(text_of(i, "/system.slice/b.service")), first) << lines[i];
    EXPECT_NE(part_of(text_of(i, "/")), first) << lines[i];
  }
}

TEST(CgroupTest, OfThisProcessIsTheSameEachTime) {
  EXPECT_EQ(cgroup_name_part(read_cgroups()), cgroup_name_part(read_cgroups()));
}

}  // namespace
}  // namespace xar::mount
