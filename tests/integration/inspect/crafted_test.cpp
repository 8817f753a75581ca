// SPDX-License-Identifier: BSD-2-Clause
// Images that only look sound, and small ones that ask for much.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/crafted_image.hpp"
#include "support/hostile_image.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/extract.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

using test::CraftedImage;
using testing::HasSubstr;

class CraftedArchive : public testing::Test {
 protected:
  // What a verification says of the image with that root: "" if it is sound.
  std::string verdict(const CraftedImage::Node& root) {
    image_.write_archive(root, path_);
    try {
      verify(open_archive(path_), 2, {});
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  // The same of the bytes of an image.
  std::string verdict(base::ByteView image) {
    test::write_archive(image, path_);
    return failure_of([&] { verify(open_archive(path_), 2, {}); });
  }

  CraftedImage::Node root_of(const std::vector<CraftedImage::Name>& names) {
    return image_.directory(image_.listing(names));
  }

  // Memory that this process has had at once so far, in bytes.
  static std::uint64_t peak() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  }

  template <typename Body>
  static std::string failure_of(Body body) {
    try {
      body();
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  }

  // That every way through the image ends so, and soon, in little memory.
  void expect_everywhere(const CraftedImage::Node& root, const char* words) {
    constexpr std::uint64_t kLittle = 64 << 20;
    const std::uint64_t before = peak();
    EXPECT_THAT(verdict(root), HasSubstr(words));
    const Archive archive = open_archive(path_);
    const Archive other = open_archive(path_);
    EXPECT_THAT(failure_of([&] { extract::extract_as(archive.image, scratch_ / "out"); }),
                HasSubstr(words));
    EXPECT_FALSE(std::filesystem::exists(scratch_ / "out"));
    EXPECT_THAT(failure_of([&] {
                  compare(archive.image, other.image, false, [](const Difference&) {});
                }),
                HasSubstr(words));
    EXPECT_LT(peak() - before, kLittle);
  }

  test::Scratch scratch_;
  std::filesystem::path path_ = scratch_ / "a.xar";
  CraftedImage image_;
};

TEST_F(CraftedArchive, CraftedImagesAreSoundUnlessMadeOtherwise) {
  image_.xattrs(test::stored_xattr("k", "v"), {{0, 1}});
  const auto file = image_.file({.size = 300'000, .xattrs = 0});
  EXPECT_EQ(verdict(root_of({{"a", file}, {"b", image_.symlink("a")}})), "");
}

TEST_F(CraftedArchive, SymlinkThatNobodyCanFollowIsFound) {
  for (const auto& target :
       {std::string(), std::string(4096, 'x'), std::string("a\0b", 3)}) {
    image_ = {};
    EXPECT_THAT(verdict(root_of({{"s", image_.symlink(target)}})),
                HasSubstr("'s' in it cannot be read: copy or build the file again"));
  }
  image_ = {};
  EXPECT_EQ(verdict(root_of({{"s", image_.symlink(std::string(4095, 'x'))}})), "");
}

TEST_F(CraftedArchive, InodeNumbersThatTheKernelCannotKeepAreFound) {
  auto none = image_.file({.number = 0});
  EXPECT_THAT(verdict(root_of({{"a", none}})),
              HasSubstr("'a' in it has no inode number"));
  image_ = {};
  const auto one = image_.file({.number = 77});
  const auto same = image_.file({.number = 77});
  EXPECT_THAT(verdict(root_of({{"a", one}, {"b", same}})),
              HasSubstr("'b' in it has another file's inode number"));
  image_ = {};
  auto other = image_.file({});
  ++other.number;  // in the directory alone
  EXPECT_THAT(verdict(root_of({{"a", other}})), HasSubstr("inode number"));
}

TEST_F(CraftedArchive, TypeThatIsAnotherInTheDirectoryIsFound) {
  auto file = image_.file({});
  file.type = 4;
  EXPECT_THAT(verdict(root_of({{"a", file}})), HasSubstr("is of another type"));
}

// Mode bits above the permissions: newer kernels refuse the inode.
TEST_F(CraftedArchive, TypeAmongThePermissionsIsFound) {
  base::Bytes bytes = image_.bytes(root_of({{"a", image_.file({})}}));
  constexpr std::size_t kFirstInode = 96 + 2;
  bytes[kFirstInode + 3] |= std::byte{0x80};
  EXPECT_THAT(verdict(bytes), HasSubstr("cannot be read"));
}

TEST_F(CraftedArchive, HoleWithFlagsIsFound) {
  base::Bytes bytes = image_.bytes(root_of({{"a", image_.file({.size = 10})}}));
  constexpr std::size_t kFirstInode = 96 + 2;
  constexpr std::size_t kFileInode = 56;
  bytes[kFirstInode + kFileInode + 3] = std::byte{1};
  EXPECT_THAT(verdict(bytes), HasSubstr("cannot be read"));
}

TEST_F(CraftedArchive, TablesThatTheKernelDoesNotTakeAreFound) {
  const base::Bytes good = image_.bytes(root_of({{"a", image_.file({})}}));
  EXPECT_EQ(verdict(good), "");
  // The size without padding: a gap behind the list of the last table.
  constexpr std::size_t kBytesUsed = 40;
  base::Bytes gap = good;
  const auto used =
      base::load_le<std::uint64_t>(base::ByteView(good).subspan(kBytesUsed));
  base::store_le(std::span(gap).subspan(kBytesUsed), used + 8);
  EXPECT_THAT(verdict(gap), HasSubstr("its tables are out of place: copy or build"));
}

// The kernel passes over an attribute whose kind has a bit that nobody knows.
TEST_F(CraftedArchive, AttributesOfUnknownKindsAreNotThere) {
  base::Bytes unknown = test::stored_xattr("k", "v");
  unknown[1] = std::byte{2};
  base::append(unknown, test::stored_xattr("known", "v"));
  image_.xattrs(unknown, {{0, 2}});
  EXPECT_EQ(verdict(root_of({{"a", image_.file({.xattrs = 0})}})), "");
  const Archive archive = open_archive(path_);
  std::vector<std::string> names;
  const auto inode = find(archive.image, "a", false).entry.inode;
  EXPECT_EQ(archive.image.xattr_names(inode, names), 0);
  EXPECT_EQ(names, std::vector<std::string>{"user.known"});
}

TEST_F(CraftedArchive, SetOfAttributesThatIsCutShortIsFound) {
  image_.xattrs(test::stored_xattr("k", "v"), {{0, 1}});
  base::Bytes bytes = image_.bytes(root_of({{"a", image_.file({.xattrs = 0})}}));
  // The block of sets, as it is stored: its size, and one set of 16 bytes.
  const std::string front{'\x10', '\x80', '\0', '\0'};
  const std::size_t at = std::string(base::as_text(bytes)).rfind(front);
  ASSERT_NE(at, std::string::npos);
  bytes[at] = std::byte{0x0f};
  EXPECT_THAT(verdict(bytes), HasSubstr("extended attributes that cannot be read"));
}

// A fragment of which the file has no byte: the kernel refuses the inode.
TEST_F(CraftedArchive, FragmentThatIsNotNeededIsFound) {
  const std::filesystem::path tree = scratch_ / "tree";
  const std::filesystem::path image = scratch_ / "image";
  std::filesystem::create_directory(tree);
  test::write_file(tree / "a", test::noise(0x1239, 1));
  const std::string size{'\x39', '\x12', '\0', '\0'};
  test::make_image(tree, image, "-noI -noD -noF -noX");
  EXPECT_EQ(verdict(base::as_bytes(test::read_file(image))), "");
  test::make_hostile_image(tree, image, {{size, std::string(4, '\0')}});
  EXPECT_THAT(verdict(base::as_bytes(test::read_file(image))),
              HasSubstr("cannot be read"));
}

TEST_F(CraftedArchive, DamagedExtendedAttributesAreFound) {
  const base::Bytes good = test::stored_xattr("k", "v");
  base::Bytes long_value = good;
  long_value[5] = std::byte{0xff};  // of the value's length
  long_value[7] = std::byte{0xff};
  const std::vector<std::pair<base::Bytes, CraftedImage::Set>> bad = {
      {good, {0, UINT32_MAX}}, {good, {5000, 1}}, {good, {0, 2}}, {long_value, {0, 1}}};
  for (const auto& [bytes, set] : bad) {
    image_ = {};
    image_.xattrs(bytes, {set});
    const auto root = root_of({{"a", image_.file({.xattrs = 0})}});
    constexpr const char* kFault =
        "'a' in it has extended attributes that cannot be read: copy or build";
    EXPECT_THAT(verdict(root), HasSubstr(kFault));
    const Archive archive = open_archive(path_);
    EXPECT_THAT(failure_of([&] { extract::extract_as(archive.image, scratch_ / "out"); }),
                HasSubstr(kFault));
  }
  image_ = {};
  image_.xattrs(good, {{0, 1}});
  EXPECT_NE(verdict(root_of({{"a", image_.file({.xattrs = 1})}})), "");
}

TEST_F(CraftedArchive, NamesWhereNoLookupFindsThemAreFound) {
  const auto a = image_.file({});
  const auto b = image_.file({});
  expect_everywhere(root_of({{"b", a}, {"a", b}}), "out of order");
}

TEST_F(CraftedArchive, IndexThatLeadsElsewhereIsFound) {
  const auto names = [this] {
    image_ = {};
    std::vector<CraftedImage::Name> all;
    for (const char* name : {"a", "b", "c", "d"}) all.push_back({name, image_.file({})});
    return all;
  };
  constexpr std::uint32_t kRun = 12 + 2 * 9;  // a header and two entries
  using Index = std::vector<CraftedImage::IndexEntry>;
  const auto said = [&](const Index& index) {
    const auto listed = names();
    return verdict(image_.directory(image_.listing(listed, 2), index));
  };
  EXPECT_EQ(said({{kRun, 0, "c"}}), "");
  for (const Index& index :
       {Index{{kRun, 0, "b"}}, Index{{kRun, 0, "d"}}, Index{{kRun + 1, 0, "c"}},
        Index{{kRun, 8194, "c"}}, Index{{kRun, 0, "c"}, {kRun, 0, "c"}}}) {
    EXPECT_THAT(said(index), HasSubstr("has its names or their index out of order"));
  }
}

TEST_F(CraftedArchive, DirectoriesThatShareAListingEndEveryWalk) {
  constexpr int kNames = 10'000;
  constexpr int kDirectories = 3000;
  std::vector<CraftedImage::Name> names;
  const auto file = image_.file({.links = UINT32_MAX});
  const auto name = [](int i) { return std::to_string(1'000'000 + i); };
  for (int i = 0; i < kNames; ++i) names.push_back({name(i), file});
  const auto shared = image_.listing(names);
  std::vector<CraftedImage::Name> directories;
  for (int i = 0; i < kDirectories; ++i) {
    directories.push_back({name(i), image_.directory(shared)});
  }
  expect_everywhere(root_of(directories), "is one name more than are stored");
}

TEST_F(CraftedArchive, FileWithMoreNamesThanItSaysEndsEveryWalk) {
  const auto file = image_.file({.links = 2});
  EXPECT_EQ(verdict(root_of({{"a", file}, {"b", file}})), "");
  expect_everywhere(root_of({{"a", file}, {"b", file}, {"c", file}}),
                    "'c' in it is one name more than its file says it has");
}

TEST_F(CraftedArchive, MoreFilesThanItSaysEndEveryWalk) {
  const auto root = root_of({{"a", image_.file({})}, {"b", image_.file({})}});
  image_.claim_inodes(2);
  expect_everywhere(root, "'b' in it is one file more than the image says it has");
}

// As many hours as bytes if each zero were read; reading the list takes a moment.
TEST_F(CraftedArchive, HolesAreNotRead) {
  constexpr std::uint64_t kSize = std::uint64_t{1} << 40;
  const auto root = root_of({{"hole", image_.file({.size = kSize, .sparse = kSize})}});
  EXPECT_EQ(verdict(root), "");
  const Archive archive = open_archive(path_);
  const Archive other = open_archive(path_);
  compare(archive.image, other.image, false, [](const Difference&) { FAIL(); });
  extract::extract_as(archive.image, scratch_ / "out");
  EXPECT_EQ(std::filesystem::file_size(scratch_ / "out/hole"), kSize);
}

}  // namespace
}  // namespace xar::inspect
