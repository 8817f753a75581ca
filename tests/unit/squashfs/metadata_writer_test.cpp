// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/metadata_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "support/sample_image.hpp"
#include "support/unpacked_metadata.hpp"

namespace xar::squashfs {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MetadataWriterTest : public ::testing::Test {
 protected:
  Compressor compressor_ = Compressor::for_metadata(1, {});
  MetadataWriter writer_{compressor_};
};

base::Bytes bytes_of(const std::string& text) {
  base::Bytes bytes;
  base::append(bytes, base::as_bytes(text));
  return bytes;
}

TEST_F(MetadataWriterTest, TableOfNothingIsEmpty) {
  EXPECT_THAT(writer_.finish(), IsEmpty());
  EXPECT_THAT(writer_.blocks(), IsEmpty());
}

TEST_F(MetadataWriterTest, BlockThatDoesNotCompressIsStoredAndMarked) {
  const base::Bytes content = bytes_of(test::noise(100, 1));
  writer_.append(content);
  base::Bytes expected;
  base::append_le<std::uint16_t>(expected, 0x8000 | 100);
  base::append(expected, content);
  EXPECT_EQ(writer_.finish(), expected);
}

TEST_F(MetadataWriterTest, FullBlockThatDoesNotCompressFitsItsSizeField) {
  writer_.append(bytes_of(test::noise(8192, 1)));
  const base::Bytes& table = writer_.finish();
  ASSERT_EQ(table.size(), 8194U);
  EXPECT_EQ(base::load_le<std::uint16_t>(table), 0x8000 | 8192);
}

TEST_F(MetadataWriterTest, ContentIsCutIntoBlocksWhereverItIsAppended) {
  base::Bytes content;
  for (const std::uint32_t size : {1U, 8191U, 8192U, 8193U, 20000U, 5U}) {
    const base::Bytes part =
        bytes_of(test::noise(size / 2, size) + std::string(size - size / 2, 'x'));
    base::append(content, part);
    writer_.append(part);
  }
  EXPECT_EQ(test::unpacked_metadata(writer_.finish()), content);
  EXPECT_EQ(writer_.blocks().size(), content.size() / 8192 + 1);
}

TEST_F(MetadataWriterTest, PlaceBehindAFullBlockIsTheNextOnesBeginning) {
  writer_.append(base::Bytes(8191));
  EXPECT_EQ(writer_.place().block, 0U);
  EXPECT_EQ(writer_.place().offset, 8191U);
  writer_.append(base::Bytes(1));
  const MetadataPlace next = writer_.place();
  EXPECT_EQ(next.offset, 0U);
  writer_.append(base::Bytes(1));
  writer_.finish();
  EXPECT_THAT(writer_.blocks(), ElementsAre(0, next.block));
}

TEST_F(MetadataWriterTest, NoBlockFollowsContentThatEndsWithOne) {
  writer_.append(base::Bytes(2 * 8192));
  writer_.finish();
  EXPECT_EQ(writer_.blocks().size(), 2U);
}

TEST_F(MetadataWriterTest, ReferenceHasTheBlockAboveTheOffset) {
  EXPECT_EQ((MetadataPlace{0xFFFFFFFF, 0x1FFF}.reference()), 0xFFFFFFFF1FFFU);
}

TEST_F(MetadataWriterTest, CancellingReachesTheCaller) {
  unsigned blocks = 0;
  Compressor cancelled = Compressor::for_metadata(1, [&blocks] {
    if (++blocks == 3) throw std::runtime_error("cancelled");
  });
  MetadataWriter writer(cancelled);
  writer.append(base::Bytes(2 * 8192 + 1));
  EXPECT_THROW(writer.finish(), std::runtime_error);
}

}  // namespace
}  // namespace xar::squashfs
