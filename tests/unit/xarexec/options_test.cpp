// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "xar/base/error.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {
namespace {

using ::testing::HasSubstr;

// A command line as main() gets it.
class CommandLine {
 public:
  explicit CommandLine(std::vector<std::string> words) : words_(std::move(words)) {
    for (std::string& word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
  }
  std::optional<Command> parse() {
    return parse_command_line(static_cast<int>(words_.size()), pointers_.data());
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
  CommandLine words({"xarexec", "app.xar", "-m", "--help", "--", ""});
  const auto command = words.parse();
  ASSERT_TRUE(command);
  const auto& launch = std::get<Launch>(*command);
  EXPECT_STREQ(launch.file, "app.xar");
  EXPECT_STREQ(launch.arguments[0], "-m");
  EXPECT_STREQ(launch.arguments[1], "--help");
  EXPECT_STREQ(launch.arguments[2], "--");
  EXPECT_STREQ(launch.arguments[3], "");
  EXPECT_EQ(launch.arguments[4], nullptr);
}

TEST(XarexecOptions, NameTheCommandShortOrLong) {
  for (const char* flag : {"-m", "--mount"}) {
    const auto command = CommandLine({"xarexec", flag, "app.xar"}).parse();
    EXPECT_EQ(std::get<Mount>(*command).file, "app.xar");
  }
  for (const char* flag : {"-n", "--print-mountpoint"}) {
    const auto command = CommandLine({"xarexec", flag, "app.xar"}).parse();
    EXPECT_EQ(std::get<PrintMountPoint>(*command).file, "app.xar");
  }
}

TEST(XarexecOptions, EndAtTwoDashes) {
  const auto mount = CommandLine({"xarexec", "-m", "--", "-odd.xar"}).parse();
  EXPECT_EQ(std::get<Mount>(*mount).file, "-odd.xar");

  CommandLine words({"xarexec", "--", "-odd.xar", "-x", "--", "y"});
  const auto command = words.parse();
  const auto& launch = std::get<Launch>(*command);
  EXPECT_STREQ(launch.file, "-odd.xar");
  EXPECT_STREQ(launch.arguments[0], "-x");
  EXPECT_STREQ(launch.arguments[1], "--");
  EXPECT_STREQ(launch.arguments[2], "y");
  EXPECT_EQ(launch.arguments[3], nullptr);
}

TEST(XarexecOptions, SayWhatIsMissingOrUnknown) {
  EXPECT_THAT(CommandLine({"xarexec"}).refusal(), HasSubstr("no FILE given"));
  EXPECT_THAT(CommandLine({"xarexec", "-m"}).refusal(), HasSubstr("no FILE given"));
  EXPECT_THAT(CommandLine({"xarexec", "--"}).refusal(), HasSubstr("no FILE given"));
  EXPECT_THAT(CommandLine({"xarexec", "--frobnicate", "a.xar"}).refusal(),
              HasSubstr("--frobnicate"));
  EXPECT_THAT(CommandLine({"xarexec", "-m", "--frobnicate", "a.xar"}).refusal(),
              HasSubstr("--frobnicate: see xarexec --mount --help"));
  EXPECT_THAT(CommandLine({"xarexec", "-m", "-n", "a.xar"}).refusal(), HasSubstr("-n"));
}

class MountContextTest : public ::testing::Test {
 protected:
  void TearDown() override {
    ::unsetenv("XAR_MOUNT_TIMEOUT");
    ::unsetenv("XAR_MOUNT_SEED");
    ::unsetenv("XAR_CACHE_SIZE");
  }
};

TEST_F(MountContextTest, TakeTimeoutAndSeedFromTheEnvironment) {
  ::setenv("XAR_MOUNT_TIMEOUT", "0", 1);
  ::setenv("XAR_MOUNT_SEED", "mine", 1);
  EXPECT_EQ(read_mount_context().timeout, 0u);
  EXPECT_EQ(read_mount_context().seed, "mine");
}

TEST_F(MountContextTest, TakeTheCacheSizeFromTheEnvironment) {
  EXPECT_EQ(read_cache_size(), std::nullopt);
  for (const auto& [text, size] :
       std::vector<std::pair<const char*, std::size_t>>{{"0", 0},
                                                        {"1000", 1000},
                                                        {"3K", 3072},
                                                        {"32M", 32u << 20},
                                                        {"2G", 2ul << 30}}) {
    ::setenv("XAR_CACHE_SIZE", text, 1);
    EXPECT_EQ(read_cache_size(), size) << text;
  }
}

TEST_F(MountContextTest, RefuseACacheSizeThatIsNone) {
  for (const char* text : {"", "M", "-1", "1.5M", "64MX", "99999999999G"}) {
    ::setenv("XAR_CACHE_SIZE", text, 1);
    EXPECT_THROW(read_cache_size(), base::Error) << text;
  }
}

TEST_F(MountContextTest, RefuseATimeoutThatIsNoNumber) {
  for (const char* text : {"", "soon", "-1", "1.5", "4294967296"}) {
    ::setenv("XAR_MOUNT_TIMEOUT", text, 1);
    EXPECT_THROW(read_mount_context(), base::Error) << text;
  }
}

}  // namespace
}  // namespace xar::xarexec
