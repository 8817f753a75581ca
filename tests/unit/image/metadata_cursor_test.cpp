// SPDX-License-Identifier: BSD-2-Clause
// Reading across the blocks of a table. That of inodes is all noise here.
#include "image/metadata_cursor.hpp"

#include <gtest/gtest.h>

#include "image/failure.hpp"
#include "support/crafted_image.hpp"
#include "support/memory_file.hpp"
#include "support/unpacked_metadata.hpp"

namespace xar::image {
namespace {

class MetadataCursorTest : public ::testing::Test {
 protected:
  MetadataCursorTest() {
    test::CraftedImage crafted;
    for (unsigned i = 0; i < 500; ++i) crafted.symlink("target " + std::to_string(i));
    bytes_ = crafted.bytes(crafted.directory(crafted.listing({})));
    store_.emplace(test::memory_file(bytes_), 0, "memory", 1 << 20);
    const Superblock& superblock = store_->superblock();
    begin_ = superblock.inode_table_start;
    end_ = superblock.directory_table_start;
    content_ =
        test::unpacked_metadata(base::ByteView(bytes_).subspan(begin_, end_ - begin_));
  }

  [[nodiscard]] MetadataCursor at_begin() const { return {*store_, {begin_, 0}}; }

  base::Bytes bytes_;
  std::optional<BlockStore> store_;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
  base::Bytes content_;  // of the inode table
};

TEST_F(MetadataCursorTest, ReadsTheTableAsOneRunOfBytes) {
  ASSERT_GT(content_.size(), 2U * 8192);
  for (const std::size_t step : {1U, 7U, 4096U, 8192U, 10'000U}) {
    MetadataCursor cursor = at_begin();
    base::Bytes read;
    while (read.size() < content_.size()) {
      base::Bytes part(std::min(step, content_.size() - read.size()));
      cursor.read(part);
      base::append(read, part);
    }
    EXPECT_EQ(read, content_) << step;
  }
}

TEST_F(MetadataCursorTest, NumbersMayLieInTwoBlocks) {
  for (std::size_t before = 8192 - 8; before <= 8192; ++before) {
    MetadataCursor cursor = at_begin();
    cursor.skip(before);
    EXPECT_EQ(cursor.take<std::uint64_t>(),
              base::load_le<std::uint64_t>(base::ByteView(content_).subspan(before)));
  }
}

TEST_F(MetadataCursorTest, CopyGoesOnByItself) {
  MetadataCursor cursor = at_begin();
  cursor.skip(100);
  MetadataCursor copy = cursor;
  cursor.skip(8192);
  const auto expected = [this](std::size_t at) {
    return base::load_le<std::uint32_t>(base::ByteView(content_).subspan(at));
  };
  EXPECT_EQ(copy.take<std::uint32_t>(), expected(100));
  EXPECT_EQ(cursor.take<std::uint32_t>(), expected(8292));
}

TEST_F(MetadataCursorTest, GoesOnFromAPlaceThatWasTold) {
  MetadataCursor cursor = at_begin();
  for (const std::size_t before : {0U, 100U, 8092U, 5000U}) {
    cursor.skip(before);
    MetadataCursor other(*store_, cursor.place());
    MetadataCursor same = cursor;
    EXPECT_EQ(other.take<std::uint32_t>(), same.take<std::uint32_t>());
  }
}

TEST_F(MetadataCursorTest, OffsetBehindABlocksContentIsRefused) {
  base::Bytes out(1);
  MetadataCursor behind(*store_, {begin_, 8192});
  EXPECT_THROW(behind.read(out), Failure);
  MetadataCursor far(*store_, {begin_, 0xFFFF});
  EXPECT_THROW(far.read(out), Failure);
}

TEST_F(MetadataCursorTest, BlockOutOfTheImageIsRefused) {
  base::Bytes out(1);
  for (const std::uint64_t position :
       {bytes_.size() - 1, bytes_.size(), bytes_.size() + 100, std::size_t{UINT64_MAX},
        std::size_t{UINT64_MAX} - 1}) {
    MetadataCursor cursor(*store_, {position, 0});
    EXPECT_THROW(cursor.read(out), Failure) << position;
  }
}

TEST_F(MetadataCursorTest, ReadingBehindTheLastBlockEnds) {
  MetadataCursor cursor = at_begin();
  EXPECT_THROW(cursor.skip(UINT64_MAX), Failure);
  base::Bytes out(1 << 20);
  MetadataCursor another = at_begin();
  EXPECT_THROW(another.read(out), Failure);
}

TEST_F(MetadataCursorTest, BlockOfNothingIsRefused) {
  base::store_le(std::span(bytes_).subspan(begin_), std::uint16_t{0x8000});
  const BlockStore store(test::memory_file(bytes_), 0, "memory", 1 << 20);
  base::Bytes out(1);
  MetadataCursor cursor(store, {begin_, 0});
  EXPECT_THROW(cursor.read(out), Failure);
}

TEST_F(MetadataCursorTest, BlockOfMoreThanTheFormatAllowsIsRefused) {
  base::store_le(std::span(bytes_).subspan(begin_), std::uint16_t{0x8000 | 8193});
  const BlockStore store(test::memory_file(bytes_), 0, "memory", 1 << 20);
  base::Bytes out(1);
  MetadataCursor cursor(store, {begin_, 0});
  EXPECT_THROW(cursor.read(out), Failure);
}

TEST_F(MetadataCursorTest, CapacityIsAWholeBlockForEach) {
  const std::uint64_t blocks = content_.size() / 8192 + 1;
  EXPECT_EQ(metadata_capacity(*store_, begin_, end_), blocks * 8192);
  EXPECT_EQ(metadata_capacity(*store_, begin_, begin_), 0U);
  EXPECT_EQ(metadata_capacity(*store_, begin_, begin_ + 1), 0U);
  EXPECT_EQ(metadata_capacity(*store_, begin_, begin_ + 2), 8192U);
}

}  // namespace
}  // namespace xar::image
