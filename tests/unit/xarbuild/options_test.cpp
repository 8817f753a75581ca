// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "xar/base/error.hpp"

namespace xar::xarbuild {
namespace {

using ::testing::ElementsAre;
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

TEST(XarbuildOptions, PresetsYieldToWhatIsGivenBesides) {
  const auto small = parse({"dir", "src", "-o", "out", "--small"});
  EXPECT_EQ(small->zstd_level, 19);
  EXPECT_EQ(small->block_size, 1u << 20);
  const auto fast = parse({"dir", "src", "-o", "out", "--fast"});
  EXPECT_EQ(fast->zstd_level, 3);
  EXPECT_EQ(fast->block_size, 128u * 1024);
  const auto both = parse({"dir", "src", "-o", "out", "--small", "--zstd-level", "9"});
  EXPECT_EQ(both->zstd_level, 9);
  EXPECT_EQ(both->block_size, 1u << 20);
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "--small", "--fast"}),
              HasSubstr("--fast"));
}

TEST(XarbuildOptions, KeepTheCacheWhereTheUserKeepsCaches) {
  const std::string before = ::getenv("HOME") != nullptr ? ::getenv("HOME") : "";
  ::setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(parse({"dir", "src", "-o", "out"})->cache_folder, "/caches/xar");
  EXPECT_EQ(parse({"dir", "src", "-o", "out", "--no-cache"})->cache_folder, "");
  EXPECT_EQ(parse({"dir", "src", "-o", "out", "--cache-dir", "here"})->cache_folder,
            "here");
  EXPECT_EQ(parse({"dir", "src", "-o", "out", "--cache-size", "2M"})->cache_limit,
            2u << 20);
  // The specification has relative paths ignored.
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  ::setenv("HOME", "/home/user", 1);
  EXPECT_EQ(parse({"dir", "src", "-o", "out"})->cache_folder, "/home/user/.cache/xar");
  ::unsetenv("XDG_CACHE_HOME");
  ::setenv("HOME", before.c_str(), 1);
}

TEST(XarbuildOptions, HaveTheDefaultsThatHelpNames) {
  const auto options = parse({"dir", "src", "-o", "out.xar"});
  ASSERT_TRUE(options);
  EXPECT_EQ(std::get<Directory>(options->input).source, "src");
  EXPECT_EQ(options->output, "out.xar");
  EXPECT_FALSE(std::get<Directory>(options->input).start.executed);
  EXPECT_EQ(options->zstd_level, 15);
  EXPECT_EQ(options->block_size, 128u * 1024);
  EXPECT_EQ(options->launcher, "/usr/bin/env xarexec_fuse");
  EXPECT_FALSE(options->mount_root);
  EXPECT_FALSE(options->quiet);
  EXPECT_FALSE(options->force);
}

TEST(XarbuildOptions, OfTarAreThoseOfDir) {
  const auto options = parse({"tar", "-", "-o", "out.xar", "--exec", "./run"});
  ASSERT_TRUE(options);
  EXPECT_EQ(std::get<TarFile>(options->input).source, "-");
  EXPECT_EQ(std::get<TarFile>(options->input).start.executed, "run");
  const auto alone = parse({"dir", "--one-file-system", "src", "-o", "out.xar"});
  EXPECT_TRUE(std::get<Directory>(alone->input).one_file_system);
  EXPECT_THAT(refusal({"tar", "--one-file-system", "a", "-o", "b"}),
              HasSubstr("unknown option: --one-file-system"));
}

TEST(XarbuildOptions, TakeEveryOptionOfDir) {
  const auto options =
      parse({"dir", "src", "-o", "out.xar", "--exec", "bin/run", "--zstd-level", "3",
             "--block-size", "1M", "-j", "7", "--mount-root", "/x", "--xar-exec",
             "/bin/xarexec", "-q", "--force"});
  ASSERT_TRUE(options);
  EXPECT_EQ(std::get<Directory>(options->input).start.executed, "bin/run");
  EXPECT_EQ(options->zstd_level, 3);
  EXPECT_EQ(options->block_size, 1u << 20);
  EXPECT_EQ(options->threads, 7u);
  EXPECT_EQ(options->mount_root, "/x");
  EXPECT_EQ(options->launcher, "/bin/xarexec");
  EXPECT_TRUE(options->quiet);
  EXPECT_TRUE(options->force);
}

TEST(XarbuildOptions, TakeEveryOptionOfPython) {
  const auto options = parse({"python",
                              "src",
                              "black==23.1",
                              "-o",
                              "out.xar",
                              "-e",
                              "tool.cli:main",
                              "-r",
                              "one.txt",
                              "-r",
                              "two.txt",
                              "--installer",
                              "uv",
                              "--all-scripts",
                              "--python",
                              "/usr/bin/python3",
                              "--python-shebang",
                              "python3.11 -X dev",
                              "--inherit-site",
                              "--export-paths",
                              "--bundle-python",
                              "--exclude-stdlib",
                              "tkinter",
                              "--exclude",
                              "*.pyi",
                              "--block-size",
                              "256K",
                              "--",
                              "--no-index",
                              "--find-links",
                              "wheels"});
  ASSERT_TRUE(options);
  const auto& application = std::get<python::Application>(options->input);
  EXPECT_THAT(application.inputs, ElementsAre("src", "black==23.1"));
  EXPECT_THAT(application.requirements, ElementsAre("one.txt", "two.txt"));
  EXPECT_EQ(application.installer, python::Installer::kUv);
  EXPECT_THAT(application.installer_options,
              ElementsAre("--no-index", "--find-links", "wheels"));
  EXPECT_EQ(application.entry_point, "tool.cli:main");
  EXPECT_FALSE(application.script);
  EXPECT_TRUE(application.all_scripts);
  EXPECT_EQ(application.interpreter, "/usr/bin/python3");
  EXPECT_EQ(application.shebang, "python3.11 -X dev");
  EXPECT_TRUE(application.inherit_site);
  EXPECT_TRUE(application.export_paths);
  EXPECT_TRUE(application.bundle.wanted);
  EXPECT_THAT(application.bundle.excluded, ElementsAre("tkinter"));
  EXPECT_THAT(options->excluded, ElementsAre("*.pyi"));
  EXPECT_EQ(options->block_size, 256u * 1024);
}

TEST(XarbuildOptions, LeavePythonIsolatedUnlessTold) {
  const auto options = parse({"python", "black", "-o", "out.xar", "-c", "black"});
  const auto& application = std::get<python::Application>(options->input);
  EXPECT_EQ(application.script, "black");
  EXPECT_EQ(application.interpreter, "python3");
  EXPECT_FALSE(application.shebang);
  EXPECT_FALSE(application.inherit_site);
  EXPECT_FALSE(application.export_paths);
  EXPECT_FALSE(application.bundle.wanted);
}

TEST(XarbuildOptions, KeepAnEmptyExecApart) {
  EXPECT_EQ(std::get<Directory>(parse({"dir", "s", "-o", "o", "--exec", ""})->input)
                .start.executed,
            ".");
}

TEST(XarbuildOptions, SayOnOneLineWhatIsWrong) {
  EXPECT_THAT(refusal({}), HasSubstr("xarbuild --help"));
  EXPECT_THAT(refusal({"dir", "src"}), HasSubstr("-o OUT"));
  EXPECT_THAT(refusal({"dir", "-o", "out"}), HasSubstr("SOURCE"));
  EXPECT_THAT(refusal({"python", "-o", "out"}), HasSubstr("nothing to pack"));
  EXPECT_THAT(refusal({"python", "src", "-o", "out", "-c", "a", "-e", "b"}),
              HasSubstr("--script"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "--zstd-level", "much"}),
              HasSubstr("--zstd-level"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "--block-size", "-1"}),
              HasSubstr("--block-size"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "--block-size", "1X"}),
              HasSubstr("--block-size"));
  EXPECT_THAT(refusal({"dir", "src", "-o", "out", "-j", "-2"}), HasSubstr("--threads"));
  EXPECT_THAT(refusal({"zip", "src"}), HasSubstr("xarbuild --help"));
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
