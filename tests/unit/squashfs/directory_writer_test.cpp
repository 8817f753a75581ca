// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/directory_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/unpacked_metadata.hpp"

namespace xar::squashfs {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A run of a listing as a reader sees it.
struct NameRun {
  std::size_t position = 0;  // in the listing
  std::uint32_t block = 0;
  std::uint32_t number = 0;
  std::vector<std::string> names;
  std::vector<std::int64_t> numbers;
};

class DirectoryWriterTest : public ::testing::Test {
 protected:
  // Names of `length` bytes that are in ascending order.
  static std::vector<std::string> names(std::size_t count, std::size_t length = 8) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) {
      std::string digits = std::to_string(i);
      digits.insert(0, 6 - digits.size(), '0');
      names.push_back(digits + std::string(length - digits.size(), 'n'));
    }
    return names;
  }

  // One inode each, with consecutive numbers in one metadata block.
  static std::vector<ListedInode> entries_of(const std::vector<std::string>& names) {
    std::vector<ListedInode> entries;
    for (const std::string& name : names) {
      const auto number = static_cast<std::uint32_t>(entries.size() + 1);
      entries.push_back({name, {0, 7}, number, 2});
    }
    return entries;
  }

  // The runs of the listing that begins at `begin` in the table and is all that follows.
  std::vector<NameRun> runs(std::size_t begin = 0) {
    const base::Bytes content = test::unpacked_metadata(table_.finish());
    base::ByteView rest = base::ByteView(content).subspan(begin);
    std::vector<NameRun> runs;
    while (!rest.empty()) {
      NameRun run;
      run.position = content.size() - begin - rest.size();
      const auto count = base::load_le<std::uint32_t>(rest) + 1;
      run.block = base::load_le<std::uint32_t>(rest.subspan(4));
      run.number = base::load_le<std::uint32_t>(rest.subspan(8));
      rest = rest.subspan(12);
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto delta =
            static_cast<std::int16_t>(base::load_le<std::uint16_t>(rest.subspan(2)));
        run.numbers.push_back(std::int64_t{run.number} + delta);
        const std::size_t size = base::load_le<std::uint16_t>(rest.subspan(6)) + 1;
        run.names.emplace_back(base::as_text(rest.subspan(8, size)));
        rest = rest.subspan(8 + size);
      }
      runs.push_back(std::move(run));
    }
    return runs;
  }

  Compressor compressor_ = Compressor::for_metadata(1, {});
  MetadataWriter table_{compressor_};
};

TEST_F(DirectoryWriterTest, EmptyDirectoryHasAnEmptyListing) {
  const Listing listing = write_listing(table_, {});
  EXPECT_EQ(listing.size, 0U);
  EXPECT_THAT(listing.index, IsEmpty());
  EXPECT_THAT(table_.finish(), IsEmpty());
}

TEST_F(DirectoryWriterTest, EntryIsSpelledAsTheFormatSays) {
  const Listing listing = write_listing(table_, {{"ab", {0x12345678, 0x1ABC}, 9, 3}});
  const base::Bytes content = test::unpacked_metadata(table_.finish());
  constexpr std::string_view kExpected(
      "\x00\x00\x00\x00\x78\x56\x34\x12\x09\x00\x00\x00"
      "\xBC\x1A\x00\x00\x03\x00\x01\x00"
      "ab",
      22);
  EXPECT_EQ(base::as_text(content), kExpected);
  EXPECT_EQ(listing.size, kExpected.size());
}

TEST_F(DirectoryWriterTest, RunHasAtMost256Names) {
  const auto all = names(512);
  write_listing(table_, entries_of(all));
  const auto found = runs();
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_THAT(found[0].names, SizeIs(256));
  EXPECT_THAT(found[1].names, SizeIs(256));
}

TEST_F(DirectoryWriterTest, RunHasInodesOfOneMetadataBlockOnly) {
  write_listing(table_, {{"a", {0, 8000}, 1, 2},
                         {"b", {0, 8100}, 2, 2},
                         {"c", {4000, 0}, 3, 2},
                         {"d", {0, 8000}, 1, 2}});
  const auto found = runs();
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_THAT(found[0].names, ElementsAre("a", "b"));
  EXPECT_EQ(found[1].block, 4000U);
  EXPECT_EQ(found[2].block, 0U);
}

// Hard links bring numbers from anywhere into a directory.
TEST_F(DirectoryWriterTest, NumberFarFromTheFirstBeginsARun) {
  constexpr std::uint32_t kFirst = 100'000;
  write_listing(table_, {{"a", {}, kFirst, 2},
                         {"b", {}, kFirst + 32767, 2},
                         {"c", {}, kFirst - 32768, 2},
                         {"d", {}, kFirst + 32768, 2},
                         {"e", {}, 1, 2},
                         {"f", {}, UINT32_MAX, 2}});
  const auto found = runs();
  ASSERT_THAT(found, SizeIs(4));
  EXPECT_THAT(found[0].names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(found[0].numbers, ElementsAre(kFirst, kFirst + 32767, kFirst - 32768));
  EXPECT_THAT(found[1].numbers, ElementsAre(kFirst + 32768));
  EXPECT_THAT(found[2].numbers, ElementsAre(1));
  EXPECT_THAT(found[3].numbers, ElementsAre(UINT32_MAX));
}

TEST_F(DirectoryWriterTest, NumberFarBelowTheFirstBeginsARun) {
  write_listing(table_, {{"a", {}, 40'000, 2}, {"b", {}, 40'000 - 32769, 2}});
  EXPECT_THAT(runs(), SizeIs(2));
}

TEST_F(DirectoryWriterTest, NameMayHave255Bytes) {
  const std::string name(255, 'n');
  write_listing(table_, {{name, {}, 1, 2}});
  EXPECT_THAT(runs().at(0).names, ElementsAre(name));
}

// 512 entries of 16 bytes are the largest listing of one block's content.
TEST_F(DirectoryWriterTest, OnlyAListingOfMoreThanABlockHasAnIndex) {
  const auto small = names(512);
  EXPECT_THAT(write_listing(table_, entries_of(small)).index, IsEmpty());
  const auto large = names(513);
  MetadataWriter other(compressor_);
  EXPECT_THAT(write_listing(other, entries_of(large)).index, SizeIs(1));
}

TEST_F(DirectoryWriterTest, IndexLeadsToTheRunsThatBeginTheirBlocks) {
  const auto all = names(5000, 40);
  const Listing listing = write_listing(table_, entries_of(all));
  const auto found = runs();
  std::size_t position_of_next_block = 8192;
  ASSERT_GE(listing.index.size(), 29U);
  for (const IndexEntry& entry : listing.index) {
    const auto run = std::ranges::find(found, entry.position, &NameRun::position);
    ASSERT_NE(run, found.end()) << entry.position;
    EXPECT_EQ(run->names.front(), entry.name);
    // No header of a run comes between the block's beginning and this one.
    ASSERT_NE(run, found.begin());
    EXPECT_LT(std::prev(run)->position, position_of_next_block);
    EXPECT_GE(run->position, position_of_next_block);
    position_of_next_block += 8192;
  }
}

TEST_F(DirectoryWriterTest, IndexNamesTheBlocksOfTheTable) {
  const auto all = names(5000, 40);
  const Listing listing = write_listing(table_, entries_of(all));
  table_.finish();
  for (std::size_t i = 0; i < listing.index.size(); ++i)
    EXPECT_EQ(listing.index[i].block, table_.blocks().at(i + 1));
}

// A position in the index counts from the listing's beginning, not the table's.
TEST_F(DirectoryWriterTest, SecondListingBeginsWhereTheFirstEnds) {
  write_listing(table_, {{"other", {}, 1, 2}});
  const auto all = names(2000, 40);
  const Listing listing = write_listing(table_, entries_of(all));
  EXPECT_EQ(listing.place.block, 0U);
  EXPECT_EQ(listing.place.offset, 25U);
  const auto found = runs(25);
  for (const IndexEntry& entry : listing.index) {
    const auto run = std::ranges::find(found, entry.position, &NameRun::position);
    ASSERT_NE(run, found.end()) << entry.position;
    EXPECT_EQ(run->names.front(), entry.name);
  }
  std::vector<std::string> listed;
  for (const NameRun& run : found)
    listed.insert(listed.end(), run.names.begin(), run.names.end());
  EXPECT_EQ(listed, all);
}

}  // namespace
}  // namespace xar::squashfs
