// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/user_folders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/scratch.hpp"

namespace xar::base {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PasswordFileTest : public ::testing::Test {
 protected:
  std::filesystem::path home_of(uid_t user, const std::string& content) {
    std::ofstream(scratch_ / "passwd") << content;
    return home_in_password_file(user, scratch_ / "passwd");
  }

  test::Scratch scratch_;
};

TEST_F(PasswordFileTest, FindsAUserByNumber) {
  const std::string file =
      "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\n";
  EXPECT_EQ(home_of(0, file), "/root");
  EXPECT_EQ(home_of(1000, file), "/home/ann");
  EXPECT_EQ(home_of(100, file), "");
}

TEST_F(PasswordFileTest, TakesTheFirstAndMissesNoLastLine) {
  EXPECT_EQ(home_of(7, "a:x:7:7::/first:\nb:x:7:7::/second:\n"), "/first");
  EXPECT_EQ(home_of(7, "a:x:7:7::/home"), "/home");
}

TEST_F(PasswordFileTest, OfWhatIsNoHomeThereIsNone) {
  for (const char* line : {"", "\n", ":", "a:x:7", "a:x:7:7:", "a:x:7:7::",
                           "a:x:7:7::home:", "a:x:7:7:::\n", "::7::::::"}) {
    EXPECT_EQ(home_of(7, line), "") << line;
  }
  EXPECT_EQ(home_in_password_file(7, scratch_ / "none"), "");
}

TEST(CacheFolders, AreThoseOfTheEnvironmentInOrder) {
  EXPECT_THAT(cache_folders_of_environment("/c", "/h"), ElementsAre("/c", "/h/.cache"));
  EXPECT_THAT(cache_folders_of_environment(nullptr, "/h"), ElementsAre("/h/.cache"));
  EXPECT_THAT(cache_folders_of_environment("relative", ""), IsEmpty());
  EXPECT_THAT(cache_folders_of_environment("", "relative"), IsEmpty());
}

TEST(CacheFolders, TheUsersIsTheFirst) {
  const test::Scratch scratch;
  const std::string home = scratch.path();
  EXPECT_EQ(user_cache_folder(home.c_str(), "/none"), home);
  EXPECT_EQ(user_cache_folder(nullptr, home.c_str()), home + "/.cache");
}

}  // namespace
}  // namespace xar::base
