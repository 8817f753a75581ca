// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "xar/base/error.hpp"

namespace xar::xarexec {
namespace {

using ::testing::HasSubstr;

// A command line as main() gets it.
class Words {
 public:
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {
    for (std::string& word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
  }
  std::optional<Options> parse() {
    return parse_options(static_cast<int>(words_.size()), pointers_.data());
  }
  std::string refusal() {
    try {
      parse();
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
};

TEST(XarexecOptions, LeaveEverythingBehindFileToThePayload) {
  Words words({"xarexec", "app.xar", "-m", "--help", "--", ""});
  const auto options = words.parse();
  ASSERT_TRUE(options);
  EXPECT_EQ(options->action, Action::kRun);
  EXPECT_STREQ(options->file, "app.xar");
  EXPECT_STREQ(options->arguments[0], "-m");
  EXPECT_STREQ(options->arguments[1], "--help");
  EXPECT_STREQ(options->arguments[2], "--");
  EXPECT_STREQ(options->arguments[3], "");
  EXPECT_EQ(options->arguments[4], nullptr);
}

TEST(XarexecOptions, StandBeforeFile) {
  for (const char* flag : {"-m", "--mount"}) {
    Words words({"xarexec", flag, "app.xar", "-n"});
    const auto options = words.parse();
    EXPECT_EQ(options->action, Action::kMount);
    EXPECT_STREQ(options->file, "app.xar");
    EXPECT_STREQ(options->arguments[0], "-n");
  }
  for (const char* flag : {"-n", "--print-mountpoint"}) {
    EXPECT_EQ(Words({"xarexec", flag, "app.xar"}).parse()->action,
              Action::kPrintMountPoint);
  }
}

TEST(XarexecOptions, EndAtTwoDashes) {
  Words words({"xarexec", "-m", "--", "-odd.xar", "x"});
  const auto options = words.parse();
  EXPECT_EQ(options->action, Action::kMount);
  EXPECT_STREQ(options->file, "-odd.xar");
  EXPECT_STREQ(options->arguments[0], "x");
}

TEST(XarexecOptions, SayWhatIsMissingOrUnknown) {
  EXPECT_THAT(Words({"xarexec"}).refusal(), HasSubstr("no FILE given"));
  EXPECT_THAT(Words({"xarexec", "-m"}).refusal(), HasSubstr("no FILE given"));
  EXPECT_THAT(Words({"xarexec", "--"}).refusal(), HasSubstr("no FILE given"));
  EXPECT_THAT(Words({"xarexec", "--frobnicate", "a.xar"}).refusal(),
              HasSubstr("--frobnicate"));
  EXPECT_THAT(Words({"xarexec", "-m", "-n", "a.xar"}).refusal(), HasSubstr("excludes"));
}

class SurroundingsTest : public ::testing::Test {
 protected:
  void TearDown() override {
    ::unsetenv("XAR_MOUNT_TIMEOUT");
    ::unsetenv("XAR_MOUNT_SEED");
  }
};

TEST_F(SurroundingsTest, TakeTimeoutAndSeedFromTheEnvironment) {
  ::setenv("XAR_MOUNT_TIMEOUT", "0", 1);
  ::setenv("XAR_MOUNT_SEED", "mine", 1);
  EXPECT_EQ(read_surroundings().timeout, 0u);
  EXPECT_EQ(read_surroundings().seed, "mine");
}

TEST_F(SurroundingsTest, RefuseATimeoutThatIsNoNumber) {
  for (const char* text : {"", "soon", "-1", "1.5", "4294967296"}) {
    ::setenv("XAR_MOUNT_TIMEOUT", text, 1);
    EXPECT_THROW(read_surroundings(), base::Error) << text;
  }
}

}  // namespace
}  // namespace xar::xarexec
