// SPDX-License-Identifier: BSD-2-Clause
// Files as nobody writes them, and what they say of themselves.
#include <gtest/gtest.h>

#include <cerrno>

#include "support/crafted_image.hpp"
#include "support/memory_image.hpp"

namespace xar::image {
namespace {

using test::CraftedImage;

class InodeTest : public ::testing::Test {
 protected:
  Image with(const CraftedImage::Node& node) {
    return test::image_of(image_.bytes(image_.directory(image_.listing({{"a", node}}))));
  }

  static int error_of(const Image& image, InodeReference inode) {
    struct stat status {};
    return image.attributes(inode, status);
  }

  CraftedImage image_;
};

TEST_F(InodeTest, ReferenceOutOfTheTableIsRefused) {
  const auto file = image_.file({});
  const Image image = with(file);
  EXPECT_EQ(error_of(image, file.reference), 0);
  for (const InodeReference wrong :
       {file.reference + 8192, file.reference + 0xFFFF, InodeReference{1} << 16,
        InodeReference{1} << 48, kNoReference, kNoReference - 0xFFFF}) {
    EXPECT_EQ(error_of(image, wrong), EIO) << wrong;
  }
}

TEST_F(InodeTest, SizeThatNoFileHasIsRefused) {
  CraftedImage::File wanted;
  wanted.size = 5;
  const auto file = image_.file(wanted);
  base::Bytes bytes = image_.bytes(image_.directory(image_.listing({{"a", file}})));
  constexpr std::size_t kSize = 96 + 2 + 16 + 8;
  for (const std::uint64_t size : {std::uint64_t{1} << 63, UINT64_MAX}) {
    base::store_le(std::span(bytes).subspan(kSize), size);
    EXPECT_EQ(error_of(test::image_of(bytes), file.reference), EIO) << size;
  }
}

TEST_F(InodeTest, MoreHolesThanContentAreRefused) {
  const auto file = image_.file({.size = 10, .sparse = 11});
  EXPECT_EQ(error_of(with(file), file.reference), EIO);
}

TEST_F(InodeTest, BlockListThatEndsTooSoonIsRefused) {
  CraftedImage::File wanted;
  const auto file = image_.file(wanted);
  base::Bytes bytes = image_.bytes(image_.directory(image_.listing({{"a", file}})));
  constexpr std::size_t kSize = 96 + 2 + 16 + 8;
  base::store_le(std::span(bytes).subspan(kSize), std::uint64_t{1} << 40);
  const Image image = test::image_of(bytes);
  base::Bytes buffer(10);
  std::size_t got = 0;
  EXPECT_EQ(image.read(file.reference, (std::uint64_t{1} << 40) - 10, buffer, got), EIO);
}

TEST_F(InodeTest, ReadingAtAndBehindTheEndGetsNothing) {
  const auto file = image_.file({.size = 300'000});
  const Image image = with(file);
  base::Bytes buffer(1000);
  for (const std::uint64_t offset :
       {std::uint64_t{300'000}, std::uint64_t{300'001}, UINT64_MAX}) {
    std::size_t got = 99;
    EXPECT_EQ(image.read(file.reference, offset, buffer, got), 0) << offset;
    EXPECT_EQ(got, 0U) << offset;
  }
  std::size_t got = 0;
  EXPECT_EQ(image.read(file.reference, 299'990, buffer, got), 0);
  EXPECT_EQ(got, 10U);
}

// Of more blocks than the distance between two places that are remembered.
TEST_F(InodeTest, HoleIsMeasuredFromAnywhere) {
  constexpr std::uint64_t kBlock = 128 * 1024;
  constexpr std::uint64_t kSize = 3000 * kBlock + 5;
  const auto file = image_.file({.size = kSize});
  const Image image = with(file);
  for (const std::uint64_t offset : {std::uint64_t{0}, kBlock * 1024 - 1, kBlock * 1024,
                                     kBlock * 2500 + 7, kSize - 1}) {
    std::uint64_t hole = 0;
    EXPECT_EQ(image.hole(file.reference, offset, UINT64_MAX, hole), 0);
    EXPECT_EQ(hole, kSize - offset) << offset;
    EXPECT_EQ(image.hole(file.reference, offset, 3, hole), 0);
    EXPECT_EQ(hole, std::min<std::uint64_t>(3, kSize - offset)) << offset;
  }
  std::uint64_t hole = 99;
  EXPECT_EQ(image.hole(file.reference, kSize, UINT64_MAX, hole), 0);
  EXPECT_EQ(hole, 0U);
}

// The place that is remembered in the file's block list is where a metadata block ends.
TEST_F(InodeTest, BlockListMayGoOnInTheNextMetadataBlock) {
  constexpr std::uint64_t kBlock = 128 * 1024;
  constexpr std::uint64_t kSize = 1100 * kBlock;
  constexpr std::size_t kListAt = 8192 - 1024 * 4;
  constexpr std::size_t kInodes = 24 + 56;  // a symlink's without its target, a file's
  image_.symlink(std::string(kListAt - kInodes, 't'));
  const auto file = image_.file({.size = kSize});
  const Image image = with(file);
  std::uint64_t hole = 0;
  EXPECT_EQ(image.hole(file.reference, 1050 * kBlock, UINT64_MAX, hole), 0);
  EXPECT_EQ(hole, 50 * kBlock);
  base::Bytes buffer(10);
  std::size_t got = 0;
  EXPECT_EQ(image.read(file.reference, 1024 * kBlock, buffer, got), 0);
  EXPECT_EQ(got, 10U);
}

TEST_F(InodeTest, WhatIsNoFileIsNotRead) {
  const auto link = image_.symlink("target");
  const Image image = with(link);
  base::Bytes buffer(10);
  std::size_t got = 0;
  EXPECT_NE(image.read(link.reference, 0, buffer, got), 0);
  std::string target;
  EXPECT_NE(image.read_link(image.root(), target), 0);
  EXPECT_EQ(image.read_link(link.reference, target), 0);
  EXPECT_EQ(target, "target");
}

TEST_F(InodeTest, TargetThatIsLongerThanItsTableIsRefused) {
  const auto link = image_.symlink("target", 4095);
  const Image image = test::image_of(image_.bytes(image_.directory(image_.listing({}))));
  std::string target;
  EXPECT_EQ(image.read_link(link.reference, target), EIO);
}

}  // namespace
}  // namespace xar::image
