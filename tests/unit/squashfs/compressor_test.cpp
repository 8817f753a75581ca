// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/compressor.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <stdexcept>

#include "support/sample_image.hpp"

namespace xar::squashfs {
namespace {

constexpr std::uint32_t kBlockSize = 128 * 1024;

std::string unpacked(base::ByteView packed) {
  std::string text(kBlockSize, '\0');
  const std::size_t size =
      ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0) return "damaged";
  text.resize(size);
  return text;
}

// Words in an order of their own, as programs have.
std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i)
    text += "word" + std::to_string(i * 7919 % 1009) + ' ';
  text.resize(size);
  return text;
}

class CompressorLevels : public ::testing::TestWithParam<int> {
 protected:
  Compressor compressor_{GetParam(), kBlockSize};
  base::Bytes out_;
};

TEST_P(CompressorLevels, PackedBlockHasTheContent) {
  for (const std::size_t size : {100U, 5000U, kBlockSize}) {
    const std::string text = text_of(size);
    ASSERT_TRUE(compressor_.compress(base::as_bytes(text), out_)) << size;
    EXPECT_LT(out_.size(), size);
    EXPECT_TRUE(unpacked(out_) == text) << size;
  }
}

TEST_P(CompressorLevels, WhatDoesNotCompressIsRefused) {
  for (const std::size_t size : {0U, 1U, 2U, 3U, 100U, kBlockSize}) {
    EXPECT_FALSE(compressor_.compress(base::as_bytes(test::noise(size, 1)), out_))
        << size;
  }
}

// Noise where the samples are taken does not hide what compresses elsewhere.
TEST_P(CompressorLevels, BlockThatCompressesBetweenTheSamplesIsPacked) {
  std::string content = text_of(kBlockSize);
  const std::string noise = test::noise(4096, 1);
  for (std::size_t i = 0; i < 4; ++i) content.replace(i * kBlockSize / 4, 4096, noise);
  ASSERT_TRUE(compressor_.compress(base::as_bytes(content), out_));
  EXPECT_TRUE(unpacked(out_) == content);
}

// Memory that a larger block has used before says nothing of the next one.
TEST_P(CompressorLevels, BufferThatHasServedBeforeChangesNothing) {
  const std::string text = text_of(3000);
  base::Bytes fresh;
  ASSERT_TRUE(compressor_.compress(base::as_bytes(text), fresh));
  ASSERT_TRUE(compressor_.compress(base::as_bytes(text_of(kBlockSize)), out_));
  EXPECT_FALSE(compressor_.compress(base::as_bytes(test::noise(9000, 2)), out_));
  ASSERT_TRUE(compressor_.compress(base::as_bytes(text), out_));
  EXPECT_EQ(out_, fresh);
}

INSTANTIATE_TEST_SUITE_P(Levels, CompressorLevels,
                         ::testing::Values(1, 9, 10, 15, 19, 22));

TEST(Compressor, WhatIsCalledBeforeEachBlockMayCancel) {
  Compressor compressor =
      Compressor::for_metadata(1, [] { throw std::runtime_error("cancelled"); });
  base::Bytes out;
  EXPECT_THROW(compressor.compress(base::as_bytes("content"), out), std::runtime_error);
}

// A recipe that left one out would have a build use the blocks of another.
TEST(Compressor, RecipeTellsOptionsApart) {
  EXPECT_EQ(Compressor::recipe(15, 4096), Compressor::recipe(15, 4096));
  EXPECT_NE(Compressor::recipe(15, 4096), Compressor::recipe(16, 4096));
  EXPECT_NE(Compressor::recipe(15, 4096), Compressor::recipe(15, 8192));
  EXPECT_NE(Compressor::recipe(1, 54096), Compressor::recipe(15, 4096));
}

}  // namespace
}  // namespace xar::squashfs
