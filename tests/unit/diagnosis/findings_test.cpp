// SPDX-License-Identifier: BSD-2-Clause
// What is found of folders. What a machine allows besides is as it is.
#include "diagnosis/findings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "support/scratch.hpp"

namespace xar::diagnosis {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class FindingsTest : public ::testing::Test {
 protected:
  // The finding about `subject`; one that says so if there is none.
  Finding finding(const std::string& subject, std::uint64_t size = 0) {
    const backend::Request request{
        header_, archive_, context_, [this] { return locations_; }, {}, false, {}};
    for (Finding& found : find_all(request, size))
      if (found.subject == subject) return std::move(found);
    return {subject, false, "is not there", ""};
  }

  std::string folder(const char* name, mode_t mode) const {
    const std::filesystem::path path = scratch_ / name;
    std::filesystem::create_directory(path);
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }

  const test::Scratch scratch_;
  header::Header header_;
  mount::Archive archive_;
  mount::MountContext context_;
  std::vector<cache::Location> locations_;
};

TEST_F(FindingsTest, SayWhatARootLacks) {
  const std::string good = folder("good", 01777);
  const std::string closed = folder("closed", 0755);
  const std::string missing = scratch_ / "missing";
  const std::string file = scratch_ / "file";
  test::write_file(file, "");
  context_.roots = {good, closed, missing, file};
  EXPECT_TRUE(finding(good).good);
  EXPECT_THAT(finding(closed).what, HasSubstr("its mode is not 1777"));
  EXPECT_EQ(finding(closed).fix, "chmod 1777 " + closed);
  EXPECT_THAT(finding(missing).what, HasSubstr("No such file"));
  EXPECT_THAT(finding(missing).fix, StartsWith("mkdir -p " + missing));
  EXPECT_THAT(finding(file).what, HasSubstr("no directory"));
}

TEST_F(FindingsTest, AreOfTheHeadersRootOnly) {
  context_.roots = {folder("usual", 01777)};
  header_.mount_root = folder("own", 01777);
  EXPECT_TRUE(finding(*header_.mount_root).good);
  EXPECT_EQ(finding(context_.roots[0]).what, "is not there");
  EXPECT_EQ(finding("$XDG_RUNTIME_DIR").what, "is not there");
}

TEST_F(FindingsTest, SayWhatTheSessionsFolderLacks) {
  const auto what = [this] { return finding("$XDG_RUNTIME_DIR").what; };
  EXPECT_THAT(what(), HasSubstr("is not set"));
  context_.runtime_folder = scratch_ / "missing";
  EXPECT_THAT(what(), HasSubstr("no directory"));
  context_.runtime_folder = "relative";
  EXPECT_THAT(what(), HasSubstr("no directory"));
  context_.runtime_folder = folder("open", 0755);
  EXPECT_THAT(what(), HasSubstr("is not this user's of mode 0700"));
  context_.runtime_folder = folder("session", 0700);
  EXPECT_THAT(what(), StartsWith("is a mount root, "));
}

TEST_F(FindingsTest, SayWhereAnArchiveCanBeUnpacked) {
  locations_ = {{scratch_ / "cache", false}};
  EXPECT_TRUE(finding(scratch_ / "cache").good);
  EXPECT_EQ(finding("unpacking").what, "is not there");
}

TEST_F(FindingsTest, SayThatAnArchiveIsTooLargeToBeUnpacked) {
  locations_ = {{scratch_ / "cache", false}};
  EXPECT_THAT(finding(scratch_ / "cache", UINT64_MAX).what,
              HasSubstr("has no space to unpack"));
  EXPECT_FALSE(finding("unpacking", UINT64_MAX).good);
}

TEST_F(FindingsTest, SayThatThereIsNoPlaceToUnpack) {
  test::write_file(scratch_ / "file", "");
  locations_ = {{scratch_ / "file" / "cache", false}};
  EXPECT_THAT(finding(scratch_ / "file/cache").what, StartsWith("cannot be used: "));
  EXPECT_EQ(finding("unpacking").what, "there is no place for it");
}

}  // namespace
}  // namespace xar::diagnosis
