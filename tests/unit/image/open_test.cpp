// SPDX-License-Identifier: BSD-2-Clause
// What Image::open refuses, and what it tells the user about it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

extern "C" {
#include <squashfuse/decompress.h>
}

#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/base/bytes.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/image.hpp"

namespace xar::image {
namespace {

using testing::HasSubstr;

// Where the superblock has its fields.
constexpr std::size_t kMagic = 0;
constexpr std::size_t kInodes = 4;
constexpr std::size_t kBlockSize = 12;
constexpr std::size_t kFragments = 16;
constexpr std::size_t kCompression = 20;
constexpr std::size_t kBlockLog = 22;
constexpr std::size_t kIds = 26;
constexpr std::size_t kMajor = 28;
constexpr std::size_t kRootInode = 32;
constexpr std::size_t kBytesUsed = 40;
constexpr std::size_t kIdTable = 48;
constexpr std::size_t kInodeTable = 64;
constexpr std::size_t kDirectoryTable = 72;
constexpr std::size_t kFragmentTable = 80;

class ImageOpen : public testing::Test {
 protected:
  ImageOpen() {
    std::filesystem::create_directory(scratch_ / "tree");
    test::write_file(scratch_ / "tree/file", "content");
    test::make_image(scratch_ / "tree", path_, "-comp zstd");
    bytes_ = test::read_file(path_);
  }

  template <typename T>
  T get(std::size_t at) const {
    return base::load_le<T>(base::as_bytes(bytes_).subspan(at));
  }

  template <typename T>
  void put(std::size_t at, T value) {
    base::store_le(std::as_writable_bytes(std::span(bytes_)).subspan(at), value);
  }

  // What opening the patched image fails with; empty if it does not.
  std::string refusal(std::uint64_t offset = 0) {
    test::write_file(path_, bytes_);
    try {
      Image::open(base::open_file(path_, O_RDONLY), offset, path_);
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  test::Scratch scratch_;
  std::filesystem::path path_ = scratch_ / "image";
  std::string bytes_;
};

TEST_F(ImageOpen, TakesASoundImage) {
  EXPECT_EQ(refusal(), "");
}

TEST_F(ImageOpen, SaysWhichFileHasNoImage) {
  put<std::uint32_t>(kMagic, 0x12345678);
  EXPECT_THAT(refusal(), HasSubstr("not a SquashFS image: " + path_.native()));
}

TEST_F(ImageOpen, RefusesAnImageOfTheOtherByteOrder) {
  put<std::uint32_t>(kMagic, 0x68737173);
  EXPECT_THAT(refusal(), HasSubstr("not a SquashFS image"));
}

TEST_F(ImageOpen, SaysThatAFileIsCutShort) {
  bytes_.resize(get<std::uint64_t>(kBytesUsed) - 1);
  EXPECT_THAT(refusal(), HasSubstr("image cut short"));
  EXPECT_THAT(refusal(), HasSubstr("copy or build it again"));
  bytes_.resize(50);
  EXPECT_THAT(refusal(), HasSubstr("image cut short"));
  bytes_.clear();
  EXPECT_THAT(refusal(), HasSubstr("image cut short"));
}

TEST_F(ImageOpen, RefusesAnOffsetBehindTheEnd) {
  EXPECT_THAT(refusal(1 << 30), HasSubstr("image cut short"));
  EXPECT_THAT(refusal(~std::uint64_t{0}), HasSubstr("image cut short"));
}

TEST_F(ImageOpen, RefusesASizeThatOverflows) {
  put(kBytesUsed, ~std::uint64_t{0} - 4);
  EXPECT_THAT(refusal(), HasSubstr("image cut short"));
}

TEST_F(ImageOpen, NamesAVersionThatItDoesNotKnow) {
  put<std::uint16_t>(kMajor, 3);
  EXPECT_THAT(refusal(), HasSubstr("cannot read SquashFS 3.0"));
}

TEST_F(ImageOpen, NamesACompressionThatItDoesNotKnow) {
  put<std::uint16_t>(kCompression, 77);
  EXPECT_THAT(refusal(), HasSubstr("its compression is unknown (number 77)"));
  // Newer versions of libsquashfuse read lzma.
  if (sqfs_decompressor_get(2) != nullptr) return;
  put<std::uint16_t>(kCompression, 2);
  EXPECT_THAT(refusal(), HasSubstr("its compression is lzma (number 2)"));
}

TEST_F(ImageOpen, RefusesAnImpossibleBlockSize) {
  for (const std::uint32_t size : {0u, 1u, 2048u, 131'073u, 1u << 21, 1u << 31}) {
    put(kBlockSize, size);
    EXPECT_THAT(refusal(), HasSubstr("its block size")) << size;
  }
  put<std::uint32_t>(kBlockSize, 1 << 17);
  put<std::uint16_t>(kBlockLog, 16);
  EXPECT_THAT(refusal(), HasSubstr("its block size"));
}

TEST_F(ImageOpen, RefusesTablesOutOfPlace) {
  const std::string sound = bytes_;
  const std::vector<std::pair<std::size_t, std::string>> tables = {
      {kInodeTable, "inode table"},
      {kDirectoryTable, "directory table"},
      {kFragmentTable, "fragment table"},
      {kIdTable, "id table"}};
  for (const auto& [at, name] : tables) {
    for (const std::uint64_t start :
         {std::uint64_t{5}, get<std::uint64_t>(kBytesUsed), ~std::uint64_t{0},
          ~std::uint64_t{0} - 7, std::uint64_t{1} << 63}) {
      put(at, start);
      EXPECT_THAT(refusal(), HasSubstr("damaged image: " + path_.native() + ": its "))
          << name << " at " << start;
      bytes_ = sound;
    }
  }
}

TEST_F(ImageOpen, RefusesImpossibleCounts) {
  const std::string sound = bytes_;
  put<std::uint32_t>(kInodes, 0);
  EXPECT_THAT(refusal(), HasSubstr("its inode table"));
  bytes_ = sound;
  put<std::uint16_t>(kIds, 0);
  EXPECT_THAT(refusal(), HasSubstr("its id table"));
  put<std::uint16_t>(kIds, 0xffff);
  EXPECT_THAT(refusal(), HasSubstr("its id table"));
  bytes_ = sound;
  put<std::uint32_t>(kFragments, 0xffffffff);
  EXPECT_THAT(refusal(), HasSubstr("its fragment table"));
}

TEST_F(ImageOpen, RefusesLookupTablesThatPointOutOfTheImage) {
  const std::string sound = bytes_;
  for (const std::size_t table : {kIdTable, kFragmentTable}) {
    for (const std::uint64_t target :
         {std::uint64_t{0}, get<std::uint64_t>(table), ~std::uint64_t{0}}) {
      put(get<std::uint64_t>(table), target);
      EXPECT_THAT(refusal(), HasSubstr("damaged image")) << target;
      bytes_ = sound;
    }
  }
}

TEST_F(ImageOpen, RefusesARootThatIsNoDirectory) {
  const auto root = get<std::uint64_t>(kRootInode);
  for (const std::uint64_t wrong : {root + 1, root + 8000, root + 65536, ~root}) {
    put(kRootInode, wrong);
    EXPECT_THAT(refusal(), HasSubstr("its root directory")) << wrong;
  }
}

}  // namespace
}  // namespace xar::image
