// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "xar/base/error.hpp"

namespace xar::xarbuild {
namespace {

using ::testing::HasSubstr;

std::optional<Options> parse(std::vector<std::string> words) {
  words.insert(words.begin(), "xarbuild");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  return parse_options(static_cast<int>(words.size()), pointers.data());
}

std::string refusal(const std::vector<std::string>& words) {
  try {
    parse(words);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(XarbuildOptions, HaveTheDefaultsThatHelpNames) {
  const auto options = parse({"dir", "src", "-o", "out.xar"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->source, "src");
  EXPECT_EQ(options->output, "out.xar");
  EXPECT_FALSE(std::get<Directory>(options->input).executed);
  EXPECT_EQ(options->zstd_level, 15);
  EXPECT_EQ(options->block_size, 128u * 1024);
  EXPECT_EQ(options->launcher, "/usr/bin/env xarexec_fuse");
  EXPECT_FALSE(options->mount_root);
  EXPECT_FALSE(options->quiet);
  EXPECT_FALSE(options->force);
}

TEST(XarbuildOptions, TakeEveryOptionOfDir) {
  const auto options =
      parse({"dir", "src", "-o", "out.xar", "--exec", "bin/run", "--zstd-level", "3",
             "--block-size", "1M", "-j", "7", "--mount-root", "/x", "--xar-exec",
             "/bin/xarexec", "-q", "--force"});
  ASSERT_TRUE(options);
  EXPECT_EQ(std::get<Directory>(options->input).executed, "bin/run");
  EXPECT_EQ(options->zstd_level, 3);
  EXPECT_EQ(options->block_size, 1u << 20);
  EXPECT_EQ(options->threads, 7u);
  EXPECT_EQ(options->mount_root, "/x");
  EXPECT_EQ(options->launcher, "/bin/xarexec");
  EXPECT_TRUE(options->quiet);
  EXPECT_TRUE(options->force);
}

TEST(XarbuildOptions, TakeEveryOptionOfPython) {
  const auto options = parse({"python", "src", "-o", "out.xar", "-e", "tool.cli:main",
                              "--python", "/usr/bin/python3", "--block-size", "256K"});
  ASSERT_TRUE(options);
  const auto& application = std::get<PythonApplication>(options->input);
  EXPECT_EQ(application.entry_point, "tool.cli:main");
  EXPECT_EQ(application.interpreter, "/usr/bin/python3");
  EXPECT_EQ(options->block_size, 256u * 1024);
}

TEST(XarbuildOptions, KeepAnEmptyExecApart) {
  EXPECT_EQ(
      std::get<Directory>(parse({"dir", "s", "-o", "o", "--exec", ""})->input).executed,
      "");
}

TEST(XarbuildOptions, SayOnOneLineWhatIsWrong) {
  EXPECT_THAT(refusal({}), HasSubstr("xarbuild --help"));
  EXPECT_THAT(refusal({"dir", "src"}), HasSubstr("--output"));
  EXPECT_THAT(refusal({"dir", "-o", "out"}), HasSubstr("SOURCE"));
  EXPECT_THAT(refusal({"python", "src", "-o", "out"}), HasSubstr("--entry-point"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "--zstd-level", "much"}),
              HasSubstr("--zstd-level"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "--block-size", "-1"}),
              HasSubstr("--block-size"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "--block-size", "1X"}),
              HasSubstr("--block-size"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "-j", "-2"}), HasSubstr("--threads"));
  EXPECT_THAT(refusal({"tar", "src"}), HasSubstr("xarbuild --help"));
}

TEST(XarbuildOptions, ReadSourceDateEpoch) {
  ::setenv("SOURCE_DATE_EPOCH", "1234", 1);
  EXPECT_EQ(parse({"dir", "s", "-o", "o"})->source_date_epoch, 1234);
  ::setenv("SOURCE_DATE_EPOCH", "tomorrow", 1);
  EXPECT_THAT(refusal({"dir", "s", "-o", "o"}), HasSubstr("SOURCE_DATE_EPOCH"));
  ::unsetenv("SOURCE_DATE_EPOCH");
  EXPECT_FALSE(parse({"dir", "s", "-o", "o"})->source_date_epoch);
}

}  // namespace
}  // namespace xar::xarbuild
