// SPDX-License-Identifier: BSD-2-Clause
// What another process makes between a cleaner's looks is left, which no two processes
// meet often enough to show.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "support/scratch.hpp"
#include "xar/cache.hpp"

namespace xar::cache {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEntry = "0123abcd-0123456789abcdef";

class CleanTest : public ::testing::Test {
 protected:
  // How many entries go, where `meanwhile` happens once one has been found unused.
  int clean_while(const std::function<void()>& meanwhile) {
    Cleaning cleaning;
    cleaning.older_than = 0;
    cleaning.is_used = [&](const fs::path&) {
      meanwhile();
      return false;
    };
    int removed = 0;
    clean({scratch_.path()}, cleaning, [&](const fs::path&) { ++removed; });
    return removed;
  }

  test::Scratch scratch_;
  fs::path tree_ = scratch_ / kEntry;
};

TEST_F(CleanTest, RemovesWhatNobodyUses) {
  fs::create_directory(tree_);
  EXPECT_EQ(clean_while([] {}), 1);
  EXPECT_FALSE(fs::exists(tree_));
}

TEST_F(CleanTest, LeavesWhatIsMadeMeanwhile) {
  // Of the entry there is only what tells when it was used last.
  std::ofstream(tree_.native() + ".whole").close();
  EXPECT_EQ(clean_while([&] { fs::create_directory(tree_); }), 0);
  EXPECT_TRUE(fs::exists(tree_));
}

TEST_F(CleanTest, LeavesWhatIsMadeAnewMeanwhile) {
  fs::create_directory(tree_);
  const auto make_anew = [&] {
    fs::rename(tree_, scratch_ / "aside");
    fs::create_directory(tree_);
  };
  EXPECT_EQ(clean_while(make_anew), 0);
  EXPECT_TRUE(fs::exists(tree_));
}

}  // namespace
}  // namespace xar::cache
