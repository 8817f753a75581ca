// SPDX-License-Identifier: BSD-2-Clause
// Images written to directories: what comes out is what went in, and nothing that an
// image says reaches outside.
#include "xar/extract.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <random>

#include "support/compare_trees.hpp"
#include "support/crafted_image.hpp"
#include "support/hostile_image.hpp"
#include "support/odd_tree.hpp"
#include "support/ordinary_user.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "support/xattrs.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::extract {
namespace {

namespace fs = std::filesystem;
using test::Scratch;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

image::Image open_image(const fs::path& path) {
  return image::Image::open(base::open_file(path, O_RDONLY), 0, path);
}

struct stat examined(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

// The message of the failure of `body`.
template <typename Body>
std::string failure_of(Body body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "no failure";
}

class ExtractedTree : public testing::TestWithParam<const char*> {};

TEST_P(ExtractedTree, EqualsItsSource) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", GetParam());
  const image::Image image = open_image(scratch / "image");
  const Summary summary = extract_as(image, scratch / "out");
  EXPECT_THAT(test::compare_trees(scratch / "tree", scratch / "out"), IsEmpty());
  EXPECT_EQ(summary.owners_left_out, 0U);
  EXPECT_EQ(summary.devices_left_out, 0U);
  if (::geteuid() == 0) {
    EXPECT_EQ(examined(scratch / "out/special/foreign").st_gid, 100'000U);
  }
}

INSTANTIATE_TEST_SUITE_P(Images, ExtractedTree,
                         testing::Values("-comp zstd", "-comp gzip", "-comp xz -b 4096",
                                         "-comp zstd -noI -noD -noF -noX -b 1M"));

TEST(Extract, RandomTreesComeBackWhateverTheNumberOfThreads) {
  const char* const rounds = std::getenv("XAR_RANDOM_TREES");
  std::mt19937_64 random(20261124);
  for (int round = 0; round < (rounds != nullptr ? std::atoi(rounds) : 2); ++round) {
    const Scratch scratch;
    test::make_random_tree(scratch / "tree", 300, 4096, random);
    test::make_image(scratch / "tree", scratch / "image", "-comp zstd -b 4096");
    const image::Image image = open_image(scratch / "image");
    for (const unsigned threads : {1U, 8U}) {
      const fs::path out = scratch / std::to_string(threads);
      fs::create_directory(out);
      Options options;
      options.threads = threads;
      extract_into(image, out, options);
      EXPECT_THAT(test::compare_trees(scratch / "tree", out), IsEmpty());
    }
  }
}

TEST(Extract, LargeFilesAreWrittenInPiecesAndKeepTheirHoles) {
  const Scratch scratch;
  fs::create_directory(scratch / "tree");
  test::write_file(scratch / "tree/large", test::noise(9'500'000, 1));
  test::write_file(scratch / "tree/sparse", "begin");
  fs::resize_file(scratch / "tree/sparse", 64 << 20);
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd -noD -noF");
  extract_as(open_image(scratch / "image"), scratch / "out");
  EXPECT_THAT(test::compare_trees(scratch / "tree", scratch / "out"), IsEmpty());
  EXPECT_LE(examined(scratch / "out/sparse").st_blocks, 1024);
}

void expect_same_xattrs(const fs::path& expected, const fs::path& actual) {
  EXPECT_EQ(test::xattrs_of(expected), test::xattrs_of(actual));
  for (const auto& entry : fs::recursive_directory_iterator(expected)) {
    const fs::path path = entry.path().lexically_relative(expected);
    EXPECT_EQ(test::xattrs_of(expected / path), test::xattrs_of(actual / path)) << path;
  }
}

TEST(Extract, ExtendedAttributesComeBack) {
  XAR_NEEDS_ROOT();
  const Scratch scratch;
  test::make_xattr_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd");
  const image::Image image = open_image(scratch / "image");
  EXPECT_EQ(extract_as(image, scratch / "out").xattrs_left_out, 0U);
  expect_same_xattrs(scratch / "tree", scratch / "out");

  Options options;
  options.privileges = false;
  extract_as(image, scratch / "bare", options);
  for (const auto& entry : fs::directory_iterator(scratch / "bare")) {
    for (const auto& [name, value] : test::xattrs_of(entry.path()))
      EXPECT_TRUE(name.starts_with("user.")) << entry.path() << " " << name;
  }
}

TEST(Extract, PartsComeWithTheDirectoriesThatLeadToThem) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd");
  const image::Image image = open_image(scratch / "image");
  Options options;
  options.paths = {"/deep/er/and/deeper/file", "special/link", "deep/er/and",
                   "names/./a"};
  const Summary summary = extract_as(image, scratch / "out", options);
  EXPECT_EQ(summary.files, 9U);
  EXPECT_THAT(test::names_in(scratch / "out"), ElementsAre("deep", "names", "special"));
  EXPECT_THAT(test::compare_trees(scratch / "tree/deep", scratch / "out/deep"),
              IsEmpty());
  EXPECT_EQ(fs::read_symlink(scratch / "out/special/link"), "fifo");
  EXPECT_EQ(test::read_file(scratch / "out/names/a"), "a");

  options.paths = {"names/missing"};
  EXPECT_THAT(failure_of([&] { extract_as(image, scratch / "none", options); }),
              HasSubstr("no 'names/missing' in"));
  EXPECT_FALSE(fs::exists(scratch / "none"));
}

TEST(Extract, WhatIsThereAlreadyIsNeitherReplacedNorFollowed) {
  const Scratch scratch;
  for (const char* folder : {"tree", "tree/a", "out", "outside"})
    fs::create_directory(scratch / folder);
  test::write_file(scratch / "tree/a/file", "new");
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd");
  const image::Image image = open_image(scratch / "image");
  fs::create_directory_symlink(scratch / "outside", scratch / "out/a");
  EXPECT_THAT(failure_of([&] { extract_into(image, scratch / "out"); }),
              HasSubstr("out/a: File exists"));
  EXPECT_TRUE(fs::is_empty(scratch / "outside"));
  EXPECT_THAT(failure_of([&] { extract_as(image, scratch / "out"); }),
              HasSubstr("out: File exists"));
  EXPECT_THAT(test::names_in(scratch.path()),
              ElementsAre("image", "out", "outside", "tree"));
}

TEST(Extract, FailureLeavesNothingWhateverItsPermissions) {
  const Scratch scratch;
  fs::create_directories(scratch / "tree/closed/inner");
  test::write_file(scratch / "tree/closed/inner/file", test::noise(50'000, 3));
  test::shell("chmod 0 " + test::quoted(scratch / "tree/closed"));
  test::make_image(scratch / "tree", scratch / "image", "-comp gzip -noD -no-fragments");
  const image::Image image = open_image(scratch / "image");
  Options options;
  options.beside = [] { throw base::Error("the digest is wrong"); };
  EXPECT_EQ(failure_of([&] { extract_as(image, scratch / "out", options); }),
            "the digest is wrong");
  EXPECT_THAT(test::names_in(scratch.path()), ElementsAre("image", "tree"));
}

// Deeper than descriptors may be open, and than a path may be long: written, and removed
// again where it does not come to its end.
TEST(Extract, GoesAsDeepAsTheImage) {
  constexpr int kDepth = 300;
  const std::string name(20, 'd');
  test::CraftedImage image;
  auto node = image.directory(image.listing({{"file", image.file({})}}));
  for (int i = 0; i < kDepth; ++i) {
    node = image.directory(image.listing({{name, node}, {"e", image.file({})}}));
  }
  const test::Scratch scratch;
  const base::Bytes bytes = image.bytes(node);
  test::write_file(scratch / "image", base::as_text(bytes));
  const image::Image opened = open_image(scratch / "image");

  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  extract_as(opened, scratch / "whole");
  Options options;
  int calls = 0;
  // Of the names, two a level, and of half of the directories.
  options.on_progress = [&](const Progress&) {
    if (++calls > 5 * kDepth / 2) throw base::Error("enough");
  };
  EXPECT_EQ(failure_of([&] { extract_as(opened, scratch / "part", options); }), "enough");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);

  std::string path = scratch / "whole";
  for (int i = 0; i < kDepth; ++i) path += '/' + name;
  EXPECT_TRUE(base::open_path(path + "/file", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 2);
}

// Each phase by what is told of progress in it.
TEST(Extract, EndsInEveryPhaseWhenItIsToldTo) {
  const test::Scratch scratch;
  constexpr int kDirectories = 40;
  for (int i = 0; i < kDirectories; ++i) {
    const fs::path directory = scratch / "tree" / std::to_string(i);
    fs::create_directories(directory);
    test::write_file(directory / "file", "content");
    fs::create_hard_link(directory / "file", directory / "link");
  }
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd");
  const image::Image image = open_image(scratch / "image");
  const auto is_plan = [](const Progress& progress) { return progress.total == 0; };
  const auto is_before = [](const Progress& progress) {
    return progress.total > 0 && progress.done == 0;
  };
  const auto is_behind = [](const Progress& progress) {
    return progress.total > 0 && progress.done == progress.total;
  };
  const auto expect_end = [&](const auto& is_phase, int call) {
    int calls = 0;
    Options options;
    options.on_progress = [&](const Progress& progress) {
      if (is_phase(progress) && ++calls == call) throw base::Error("enough");
    };
    EXPECT_EQ(failure_of([&] { extract_as(image, scratch / "out", options); }), "enough");
    EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 2);
  };
  expect_end(is_plan, 1);
  expect_end(is_plan, 3 * kDirectories);
  expect_end(is_before, kDirectories / 2);
  expect_end(is_behind, kDirectories / 2);      // further names
  expect_end(is_behind, kDirectories * 2 - 1);  // attributes
}

TEST(Extract, DamagedBlockIsNamed) {
  const Scratch scratch;
  fs::create_directory(scratch / "tree");
  test::write_file(scratch / "tree/victim", std::string(50'000, 'x'));
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd -no-fragments");
  std::string bytes = test::read_file(scratch / "image");
  bytes.replace(100, 8, "damaged!");  // the first block begins at 96
  test::write_file(scratch / "image", bytes);
  const image::Image image = open_image(scratch / "image");
  EXPECT_THAT(failure_of([&] { extract_as(image, scratch / "out"); }),
              HasSubstr("'victim' in it cannot be read: copy or build"));
  EXPECT_FALSE(fs::exists(scratch / "out"));
}

TEST(Extract, OrdinaryUserGetsEverythingButDevices) {
  XAR_NEEDS_ROOT();
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd");
  const image::Image image = open_image(scratch / "image");
  fs::create_directory(scratch / "theirs");
  ::chmod(scratch.path().c_str(), 0755);
  const int status = test::as_nobody(scratch / "theirs", [&] {
    const Summary summary = extract_as(image, scratch / "theirs/out");
    EXPECT_EQ(summary.devices_left_out, 2U);
    EXPECT_EQ(summary.owners_left_out, 0U);
  });
  EXPECT_EQ(status, 0);
  fs::remove(scratch / "tree/special/null");
  fs::remove(scratch / "tree/special/block");
  const timespec times[2] = {
      {0, UTIME_OMIT}, {examined(scratch / "theirs/out/special").st_mtim.tv_sec, 0}};
  ::utimensat(AT_FDCWD, (scratch / "tree/special").c_str(), times, 0);
  EXPECT_THAT(test::compare_trees(scratch / "tree", scratch / "theirs/out"), IsEmpty());
  EXPECT_EQ(examined(scratch / "theirs/out/small1").st_uid, test::kNobody);
}

TEST(Extract, WithoutPrivilegesNothingGivesRights) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd");
  Options options;
  options.privileges = false;
  const Summary summary =
      extract_as(open_image(scratch / "image"), scratch / "out", options);
  EXPECT_EQ(summary.devices_left_out, ::geteuid() == 0 ? 2U : 0U);
  EXPECT_EQ(examined(scratch / "out/special/setuid").st_mode, S_IFREG | 0755U);
  EXPECT_FALSE(fs::exists(scratch / "out/special/null"));
  EXPECT_EQ(examined(scratch / "out/small1").st_uid, ::geteuid());
}

// Images that would write outside, and a folder outside that must stay as it is.
class HostileImage : public testing::Test {
 protected:
  HostileImage() {
    for (const char* folder : {"in", "into", "outside", "tree"})
      fs::create_directory(scratch_ / folder);
  }

  // Extracts in both ways; returns what is said of the first.
  std::string extract(const std::vector<std::pair<std::string, std::string>>& replaced) {
    test::make_hostile_image(scratch_ / "tree", scratch_ / "image", replaced);
    const image::Image image = open_image(scratch_ / "image");
    const std::string said =
        failure_of([&] { extract_as(image, scratch_ / "into/out"); });
    EXPECT_EQ(said, failure_of([&] { extract_into(image, scratch_ / "in"); }));
    EXPECT_TRUE(fs::is_empty(scratch_ / "outside"));
    EXPECT_TRUE(fs::is_empty(scratch_ / "into"));
    EXPECT_TRUE(fs::is_empty(scratch_ / "in"));
    EXPECT_THAT(test::names_in(scratch_.path()),
                ElementsAre("image", "in", "into", "outside", "tree"));
    return said;
  }

  Scratch scratch_;
};

TEST_F(HostileImage, SymlinkThenFileThroughItIsRefused) {
  fs::create_directory_symlink(scratch_ / "outside", scratch_ / "tree/link_1");
  fs::create_directory(scratch_ / "tree/link_2");
  test::write_file(scratch_ / "tree/link_2/file", "through");
  EXPECT_THAT(extract({{"link_2", "link_1"}}), HasSubstr("has the name 'link_1' twice"));
}

TEST_F(HostileImage, FileThroughASymlinkOfItsNameIsRefused) {
  fs::create_symlink(scratch_ / "outside/file", scratch_ / "tree/link_1");
  test::write_file(scratch_ / "tree/link_2", "through");
  EXPECT_THAT(extract({{"link_2", "link_1"}}), HasSubstr("has the name 'link_1' twice"));
}

TEST_F(HostileImage, ParentDirectoryAsANameIsRefused) {
  fs::create_directory(scratch_ / "tree/@@");
  test::write_file(scratch_ / "tree/@@/file", "above");
  EXPECT_THAT(extract({{"@@", ".."}}), HasSubstr("damaged image"));
}

TEST_F(HostileImage, NamesWithASlashAreRefused) {
  test::write_file(scratch_ / "tree/@absolute", "absolute");
  EXPECT_THAT(extract({{"@absolute", "/absolute"}}), HasSubstr("damaged image"));
  fs::remove(scratch_ / "tree/@absolute");
  test::write_file(scratch_ / "tree/@@@outside", "up and down again");
  EXPECT_THAT(extract({{"@@@outside", "../outside"}}), HasSubstr("damaged image"));
}

TEST_F(HostileImage, NamesThatNoFileSystemHasAreRefused) {
  test::write_file(scratch_ / "tree/cut@short", "a NUL inside");
  EXPECT_THAT(extract({{"cut@short", std::string("cut\0short", 9)}}),
              HasSubstr("damaged image"));
}

TEST_F(HostileImage, DirectoryUnderTwoNamesIsRefused) {
  // Two empty directories have inodes that differ in their numbers only, and runs of
  // entries that differ in the offsets: the second is made to name the first's.
  fs::create_directory(scratch_ / "tree/dir_1");
  fs::create_directory(scratch_ / "tree/dir_2");
  const std::string second(
      "\x20\x00\x01\x00\x01\x00\x04\x00"
      "dir_2",
      13);
  const std::string first(
      "\x00\x00\x01\x00\x01\x00\x04\x00"
      "dir_2",
      13);
  EXPECT_THAT(extract({{second, first}}),
              HasSubstr("'dir_2' in it is a directory that is also elsewhere"));
}

}  // namespace
}  // namespace xar::extract
