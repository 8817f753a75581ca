// SPDX-License-Identifier: BSD-2-Clause
// The superblock, and the tables that it leads to.
#include "squashfs/tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "squashfs/superblock.hpp"
#include "squashfs/xattr_writer.hpp"
#include "support/memory_file.hpp"
#include "support/sample_image.hpp"
#include "support/unpacked_metadata.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

using ::testing::ElementsAre;

// Far from where a file's positions would be taken for an image's.
constexpr std::uint64_t kImageOffset = 4096;
const std::filesystem::path kName = "memory";

class TablesTest : public ::testing::Test {
 protected:
  // What has been written of the image.
  base::Bytes written() const {
    const base::Bytes all = test::content_of(file_.get());
    return {all.begin() + kImageOffset, all.end()};
  }

  Compressor compressor_ = Compressor::for_metadata(1, {});
  base::Fd file_ = test::memory_file();
  Output output_{file_.get(), kImageOffset, kName};
};

std::uint64_t u64(base::ByteView bytes, std::size_t at) {
  return base::load_le<std::uint64_t>(bytes.subspan(at));
}
std::uint32_t u32(base::ByteView bytes, std::size_t at) {
  return base::load_le<std::uint32_t>(bytes.subspan(at));
}

TEST(Superblock, HasEachFieldInItsPlace) {
  Superblock superblock;
  superblock.inodes = 0x01020304;
  superblock.mtime = 0x05060708;
  superblock.block_size = 1 << 20;
  superblock.fragments = 0x0A0B0C0D;
  superblock.flags = 0x1234;
  superblock.ids = 0x5678;
  superblock.root = 0x1111111111111111;
  superblock.bytes_used = 0x2222222222222222;
  superblock.id_table = 0x3333333333333333;
  superblock.xattr_table = 0x4444444444444444;
  superblock.inode_table = 0x5555555555555555;
  superblock.directory_table = 0x6666666666666666;
  superblock.fragment_table = 0x7777777777777777;
  superblock.export_table = 0x8888888888888888;
  constexpr std::string_view kNumbers(
      "hsqs\x04\x03\x02\x01\x08\x07\x06\x05\x00\x00\x10\x00\x0D\x0C\x0B\x0A"
      "\x06\x00\x14\x00\x34\x12\x78\x56\x04\x00\x00\x00",
      32);
  const base::Bytes bytes = encode(superblock);
  ASSERT_EQ(bytes.size(), 96U);
  EXPECT_EQ(base::as_text(bytes).substr(0, 32), kNumbers);
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_EQ(u64(bytes, 32 + 8 * i), (i + 1) * 0x1111111111111111) << i;
}

TEST(IdTable, GivesEachIdOneIndex) {
  IdTable table;
  EXPECT_EQ(table.index_of(1000), 0U);
  EXPECT_EQ(table.index_of(0), 1U);
  EXPECT_EQ(table.index_of(UINT32_MAX), 2U);
  EXPECT_EQ(table.index_of(1000), 0U);
  EXPECT_THAT(table.ids(), ElementsAre(1000U, 0U, UINT32_MAX));
}

TEST(IdTable, RefusesMoreIdsThanItsCountCanTell) {
  IdTable table;
  for (std::uint32_t id = 0; id < 65535; ++id) table.index_of(id);
  EXPECT_EQ(table.index_of(65534), 65534U);
  EXPECT_THROW(table.index_of(65535), base::Error);
}

TEST_F(TablesTest, LookupTableListsItsBlocksByTheirPositionsInTheImage) {
  output_.append(base::Bytes(100));
  base::Bytes entries;
  base::append(entries, base::as_bytes(test::noise(8192 + 4000, 1)));
  const std::uint64_t list = write_lookup_table(output_, compressor_, entries);
  const base::Bytes image = written();
  ASSERT_EQ(image.size(), list + 2 * 8);
  EXPECT_EQ(output_.position(), image.size());
  EXPECT_EQ(u64(image, list), 100U);
  EXPECT_EQ(u64(image, list + 8), 100U + 2 + 8192);
  const auto blocks = base::ByteView(image).subspan(100, list - 100);
  EXPECT_EQ(test::unpacked_metadata(blocks), entries);
}

TEST_F(TablesTest, LookupTableOfNothingIsNothing) {
  EXPECT_EQ(write_lookup_table(output_, compressor_, {}), 0U);
  EXPECT_EQ(output_.position(), 0U);
}

TEST(XattrWriter, NoAttributesAreNoSet) {
  XattrWriter writer;
  EXPECT_EQ(writer.index_of({}), UINT32_MAX);
  EXPECT_TRUE(writer.empty());
}

TEST(XattrWriter, EqualSetsAreOne) {
  XattrWriter writer;
  const std::vector<tree::Xattr> one = {{"user.a", "1"}};
  const std::vector<tree::Xattr> two = {{"user.a", "1"}, {"user.b", ""}};
  EXPECT_EQ(writer.index_of(one), 0U);
  EXPECT_EQ(writer.index_of(two), 1U);
  EXPECT_EQ(writer.index_of(one), 0U);
}

// The end of a name and the beginning of a value must not be mistaken for each other.
TEST(XattrWriter, SetsOfTheSameCharactersDiffer) {
  XattrWriter writer;
  EXPECT_NE(writer.index_of({{"user.ab", "c"}}), writer.index_of({{"user.a", "bc"}}));
  EXPECT_NE(writer.index_of({{"user.a", "b"}}), writer.index_of({{"trusted.a", "b"}}));
}

TEST(XattrWriter, RefusesOtherPrefixes) {
  XattrWriter writer;
  for (const char* name : {"system.posix_acl_access", "user", "", "userx.a", "Users.a"}) {
    EXPECT_THROW(writer.index_of({{name, "value"}}), base::Error) << name;
  }
  EXPECT_TRUE(writer.empty());
}

TEST_F(TablesTest, SetsAndTheirTableAreFoundFromTheHead) {
  XattrWriter writer;
  const std::string large = test::noise(10'000, 1);
  writer.index_of({{"user.large", large}});
  writer.index_of({{"security.capability", "xyz"}, {"trusted.t", ""}});
  output_.append(base::Bytes(100));
  const std::uint64_t head = writer.write(output_, compressor_);

  const base::Bytes image = written();
  const base::ByteView all(image);
  ASSERT_EQ(image.size(), head + 16 + 8);
  EXPECT_EQ(u64(all, head), 100U);
  EXPECT_EQ(u32(all, head + 8), 2U);
  EXPECT_EQ(u32(all, head + 12), 0U);
  const std::uint64_t table_at = u64(all, head + 16);
  const base::Bytes table =
      test::unpacked_metadata(all.subspan(table_at, head - table_at));
  const base::Bytes values = test::unpacked_metadata(all.subspan(100, table_at - 100));
  ASSERT_EQ(table.size(), 2U * 16);
  const std::size_t first_size = 4 + 5 + 4 + large.size();
  EXPECT_EQ(u64(table, 0), 0U);
  EXPECT_EQ(u32(table, 8), 1U);
  EXPECT_EQ(u32(table, 12), first_size);
  // In the second metadata block, which begins behind 8192 stored bytes and their size.
  EXPECT_EQ(u64(table, 16), std::uint64_t{8194} << 16 | (first_size - 8192));
  EXPECT_EQ(u32(table, 24), 2U);
  constexpr std::string_view kSecond(
      "\x02\x00\x0A\x00"
      "capability\x03\x00\x00\x00xyz"
      "\x01\x00\x01\x00t\x00\x00\x00\x00",
      30);
  EXPECT_EQ(base::as_text(base::ByteView(values).subspan(first_size)), kSecond);
  EXPECT_EQ(u32(table, 28), kSecond.size());
}

}  // namespace
}  // namespace xar::squashfs
