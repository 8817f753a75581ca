// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/stored_blocks.hpp"

#include <gtest/gtest.h>

namespace xar::squashfs {
namespace {

digest::Blake2b digest_of(std::string_view text) {
  return digest::blake2b(base::as_bytes(text));
}

TEST(StoredBlocks, FindsTheFirstOfEqualBlocks) {
  StoredBlocks blocks;
  blocks.add(digest_of("a"));
  EXPECT_EQ(blocks.add(digest_of("b")), 1U);
  blocks.add(digest_of("b"));
  EXPECT_EQ(blocks.find(digest_of("b")), 1U);
  EXPECT_FALSE(blocks.find(digest_of("c")));
}

TEST(StoredBlocks, RowGoesAcrossNoBreak) {
  StoredBlocks blocks;
  blocks.add(digest_of("a"));
  blocks.add_break();
  blocks.add(digest_of("b"));
  EXPECT_TRUE(blocks.is(0, digest_of("a")));
  EXPECT_FALSE(blocks.is(1, digest_of("b")));
  EXPECT_FALSE(blocks.is(1, digest::Blake2b{}));
  EXPECT_TRUE(blocks.is(2, digest_of("b")));
}

TEST(StoredBlocks, NothingIsBehindTheLastBlock) {
  StoredBlocks blocks;
  EXPECT_FALSE(blocks.is(0, digest_of("a")));
  blocks.add(digest_of("a"));
  EXPECT_FALSE(blocks.is(1, digest_of("a")));
  EXPECT_FALSE(blocks.is(SIZE_MAX, digest_of("a")));
}

}  // namespace
}  // namespace xar::squashfs
