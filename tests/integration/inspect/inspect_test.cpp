// SPDX-License-Identifier: BSD-2-Clause
// Archives looked into: walking, finding and verifying.
#include "xar/inspect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/archive.hpp"
#include "xar/base/error.hpp"

namespace xar::inspect {
namespace {

namespace fs = std::filesystem;
using test::Scratch;
using testing::HasSubstr;

template <typename Body>
std::string failure_of(Body body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "no failure";
}

class Inspected : public testing::Test {
 protected:
  Inspected() {
    test::make_sample_tree(scratch_ / "tree");
    fs::create_directory_symlink("../deep/er", scratch_ / "tree/names/into-deep");
    fs::create_symlink("/etc/passwd", scratch_ / "tree/absolute");
    fs::create_symlink("../../etc/passwd", scratch_ / "tree/names/above");
    fs::create_symlink("around", scratch_ / "tree/around");
    squashfs::Options options;
    options.level = 3;
    header::Header header;
    header.version = "1795440486";
    archive::write(scratch_ / "a.xar", header, tree::scan(scratch_ / "tree"), options,
                   022);
  }

  Scratch scratch_;
};

TEST_F(Inspected, WalkPassesEveryNameOnceAndDirectoriesFirst) {
  const Archive archive = open_archive(scratch_ / "a.xar");
  std::vector<std::string> names;
  walk(archive.image, find(archive.image, "", false),
       [&](const Node& node) { names.push_back(node.path); });
  std::vector<std::string> expected = {""};
  for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "tree"))
    expected.push_back(entry.path().lexically_relative(scratch_ / "tree"));
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(names.front(), "");
  const auto at = [&](const char* name) { return std::ranges::find(names, name); };
  EXPECT_LT(at("deep"), at("deep/er"));
  EXPECT_LT(at("deep/er/and/deeper/file"), at("empty"));
}

TEST_F(Inspected, PathsAreFoundAsTheKernelWouldBelowARoot) {
  const image::Image image = open_archive(scratch_ / "a.xar").image;
  EXPECT_EQ(find(image, "/deep//er/./and/../and/deeper/file", false).path,
            "deep/er/and/deeper/file");
  EXPECT_EQ(find(image, "names/into-deep/and", false).path, "deep/er/and");
  EXPECT_EQ(find(image, "names/into-deep", false).entry.type, mode_t{S_IFLNK});
  EXPECT_EQ(find(image, "names/into-deep", true).path, "deep/er");
  EXPECT_EQ(find(image, "/", false).path, "");
}

TEST_F(Inspected, PathsThatLeadNowhereOrOutAreRefused) {
  const image::Image image = open_archive(scratch_ / "a.xar").image;
  const auto said = [&](const char* path) {
    return failure_of([&] { find(image, path, true); });
  };
  EXPECT_THAT(said("deep/missing"), HasSubstr("no 'deep/missing' in"));
  EXPECT_THAT(said("small1/below"), HasSubstr("'small1' is not a directory"));
  EXPECT_THAT(said("../etc/passwd"), HasSubstr("leads out of the archive"));
  EXPECT_THAT(said("absolute"), HasSubstr("leads out of the archive"));
  EXPECT_THAT(said("names/above"), HasSubstr("leads out of the archive"));
  EXPECT_THAT(said("around"), HasSubstr("too many symlinks"));
}

TEST_F(Inspected, SoundArchiveIsVerifiedWhole) {
  const Archive archive = open_archive(scratch_ / "a.xar");
  const Verified verified = verify(archive, 2, {});
  EXPECT_TRUE(verified.digest);
  base::EntryCounts entries;
  for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "tree")) {
    struct stat status {};
    ASSERT_EQ(::lstat(entry.path().c_str(), &status), 0);
    entries.add(status.st_mode);
  }
  EXPECT_EQ(verified.entries, entries);
  EXPECT_GT(verified.content_bytes, 3'000'000U);
}

TEST_F(Inspected, EveryChangedByteIsFoundByTheDigest) {
  const std::string good = test::read_file(scratch_ / "a.xar");
  for (std::size_t at = 4096 + 200; at < good.size(); at += good.size() / 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    test::write_file(scratch_ / "b.xar", bad);
    EXPECT_THAT(failure_of([&] { verify(open_archive(scratch_ / "b.xar"), 2, {}); }),
                HasSubstr("damaged"))
        << at;
  }
}

TEST_F(Inspected, BlockThatDoesNotDecodeIsFoundWithoutADigest) {
  std::string bytes = test::read_file(scratch_ / "a.xar");
  const std::size_t line = bytes.find("IMAGE_SHA256");
  ASSERT_NE(line, bytes.npos);
  bytes.replace(line, 12, "IMAGE_SHA000");
  test::write_file(scratch_ / "b.xar", bytes);
  EXPECT_FALSE(verify(open_archive(scratch_ / "b.xar"), 1, {}).digest);
  // The first compressed block: zstd's magic number.
  const std::size_t block = bytes.find("\x28\xb5\x2f\xfd", 4096);
  ASSERT_NE(block, bytes.npos);
  bytes[block] = '!';
  test::write_file(scratch_ / "b.xar", bytes);
  EXPECT_THAT(failure_of([&] { verify(open_archive(scratch_ / "b.xar"), 1, {}); }),
              HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace xar::inspect
