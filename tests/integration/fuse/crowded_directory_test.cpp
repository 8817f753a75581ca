// SPDX-License-Identifier: BSD-2-Clause
// A directory of more names than one answer holds, as programs list it.
#include <dirent.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "integration/fuse/mounted.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"

namespace xar::fuse {
namespace {

using test::Mounted;

class ServeCrowdedDirectory : public testing::Test {
 protected:
  static constexpr unsigned kEntries = 20'000;

  void SetUp() override {
    XAR_NEEDS_FUSE();
    test::make_crowded_image(scratch_ / "image", kEntries);
  }
  test::Scratch scratch_;
};

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

TEST_F(ServeCrowdedDirectory, IsListedWhole) {
  const Mounted mounted(scratch_ / "image", scratch_ / "mnt");
  const auto names = test::names_in(mounted.path());
  EXPECT_EQ(names.size(), kEntries);
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_EQ(test::names_in(mounted.path()), names);
}

TEST_F(ServeCrowdedDirectory, GoesOnWhereItWasLeft) {
  const Mounted mounted(scratch_ / "image", scratch_ / "mnt");
  const Directory dir(::opendir(mounted.path().c_str()), ::closedir);
  ASSERT_TRUE(dir);
  std::vector<std::pair<long, std::string>> seen;
  for (;;) {
    const long at = ::telldir(dir.get());
    const dirent* entry = ::readdir(dir.get());
    if (entry == nullptr) break;
    seen.emplace_back(at, entry->d_name);
  }
  ASSERT_EQ(seen.size(), kEntries + 2);
  for (std::size_t i = seen.size(); i > 211; i -= 211) {
    ::seekdir(dir.get(), seen[i - 1].first);
    const dirent* entry = ::readdir(dir.get());
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->d_name, seen[i - 1].second);
  }
}

}  // namespace
}  // namespace xar::fuse
