// SPDX-License-Identifier: BSD-2-Clause
// The numbers of directories are below 100 here, those of files above.
#include "fuse/push_candidates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace xar::fuse {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// `count` files of one fragment block, with the numbers from `first` on.
std::vector<SmallFile> files_of(std::uint32_t fragment, fuse_ino_t first,
                                std::size_t count) {
  std::vector<SmallFile> files;
  for (std::size_t i = 0; i < count; ++i) files.push_back({first + i, fragment});
  return files;
}

std::vector<fuse_ino_t> numbers(fuse_ino_t first, std::size_t count) {
  std::vector<fuse_ino_t> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(first + i);
  return numbers;
}

class PushCandidatesTest : public ::testing::Test {
 protected:
  // Has the kernel list `files` and come back for more, so that it knows them.
  std::vector<fuse_ino_t> list(const std::vector<SmallFile>& files,
                               fuse_ino_t directory = 1) {
    candidates_.on_entries_listed(directory, files);
    return candidates_.on_listing_continued(directory);
  }

  std::vector<fuse_ino_t> read(fuse_ino_t number, std::uint32_t fragment) {
    return candidates_.on_small_read({number, fragment});
  }

  PushCandidates candidates_;
};

TEST_F(PushCandidatesTest, FileThatIsReadBringsItsNeighboursAndNotItself) {
  EXPECT_THAT(list({{101, 5}, {102, 6}, {103, 5}, {104, 5}}), IsEmpty());
  EXPECT_THAT(read(103, 5), ElementsAre(101, 104));
}

TEST_F(PushCandidatesTest, NeighboursAreReturnedOnce) {
  list({{101, 5}, {102, 5}});
  EXPECT_THAT(read(101, 5), ElementsAre(102));
  EXPECT_THAT(read(102, 5), IsEmpty());
}

// The kernel drops content for an inode that it has not received yet.
TEST_F(PushCandidatesTest, WhatIsBeingListedIsNotReturnedYet) {
  candidates_.on_entries_listed(1, files_of(5, 101, 3));
  EXPECT_THAT(read(101, 5), IsEmpty());
}

TEST_F(PushCandidatesTest, AnotherDirectorysListingSaysNothingOfThisOne) {
  candidates_.on_entries_listed(1, files_of(5, 101, 3));
  EXPECT_THAT(candidates_.on_listing_continued(2), IsEmpty());
  EXPECT_THAT(read(101, 5), IsEmpty());
}

TEST_F(PushCandidatesTest, PartsOfAListingBecomeKnownInOrder) {
  candidates_.on_entries_listed(1, files_of(5, 101, 2));
  candidates_.on_entries_listed(1, files_of(5, 103, 2));
  EXPECT_THAT(candidates_.on_listing_continued(1), IsEmpty());
  EXPECT_THAT(read(101, 5), ElementsAre(102));
  EXPECT_THAT(candidates_.on_listing_continued(1), ElementsAre(103, 104));
}

TEST_F(PushCandidatesTest, ListingInABlockThatWasReadIsReturnedAtOnce) {
  read(101, 5);
  EXPECT_THAT(list({{102, 5}, {103, 6}, {104, 5}}), ElementsAre(102, 104));
  EXPECT_THAT(read(105, 6), ElementsAre(103));
}

TEST_F(PushCandidatesTest, BlockThatWasReadLongAgoCountsAsUnread) {
  read(101, 5);
  for (std::uint32_t i = 0; i < PushCandidates::kMaxWarmFragments; ++i)
    read(102, 100 + i);
  EXPECT_THAT(list({{103, 5}}), IsEmpty());
}

// Whoever waits for one file is not kept waiting for all of a large block.
TEST_F(PushCandidatesTest, CallReturnsALimitedNumberAndLaterOnesTheRest) {
  constexpr std::size_t kMost = PushCandidates::kMaxReturned;
  list(files_of(5, 101, 2 * kMost + 10));
  EXPECT_EQ(read(100, 5), numbers(101, kMost));
  EXPECT_EQ(read(100, 5), numbers(101 + kMost, kMost));
  EXPECT_EQ(read(100, 5), numbers(101 + 2 * kMost, 10));
  EXPECT_THAT(read(100, 5), IsEmpty());
}

TEST_F(PushCandidatesTest, ListingReturnsALimitedNumberAndAReadTheRest) {
  constexpr std::size_t kMost = PushCandidates::kMaxReturned;
  read(100, 5);
  EXPECT_EQ(list(files_of(5, 101, kMost + 10)), numbers(101, kMost));
  EXPECT_EQ(read(100, 5), numbers(101 + kMost, 10));
}

TEST_F(PushCandidatesTest, ForgetsTheOldestOfTooManyListings) {
  for (fuse_ino_t i = 0; i <= PushCandidates::kMaxListings; ++i)
    candidates_.on_entries_listed(1 + i, files_of(5, 100 + i, 1));
  read(99, 5);
  EXPECT_THAT(candidates_.on_listing_continued(1), IsEmpty());
  EXPECT_THAT(candidates_.on_listing_continued(2), ElementsAre(101));
}

// An empty answer is no listing, which would push out one with files.
TEST_F(PushCandidatesTest, DirectoriesWithoutFilesCountForNothing) {
  read(99, 5);
  candidates_.on_entries_listed(1, files_of(5, 101, 1));
  for (fuse_ino_t i = 0; i < 2 * PushCandidates::kMaxListings; ++i)
    candidates_.on_entries_listed(2 + i, {});
  EXPECT_THAT(candidates_.on_listing_continued(1), ElementsAre(101));
}

TEST_F(PushCandidatesTest, StartsAnewBeyondTheMostThatItKnows) {
  list(files_of(5, 101, PushCandidates::kMaxKnown + 1));
  list({{99, 6}});
  EXPECT_THAT(read(100, 5), IsEmpty());
  EXPECT_THAT(read(100, 6), ElementsAre(99));
}

// A count that only grew would forget everything for ever after.
TEST_F(PushCandidatesTest, WhatWasReturnedCountsAsKnownNoMore) {
  constexpr std::size_t kBatch = 10;
  for (std::size_t i = 0; i <= PushCandidates::kMaxKnown / kBatch; ++i) {
    list(files_of(100 + static_cast<std::uint32_t>(i), 1000, kBatch));
    read(1, 100 + static_cast<std::uint32_t>(i));
  }
  list({{101, 5}});
  list({{102, 6}});
  EXPECT_THAT(read(100, 5), ElementsAre(101));
}

TEST_F(PushCandidatesTest, RemainderOfALimitedReadStillCountsAsKnown) {
  constexpr std::size_t kMost = PushCandidates::kMaxReturned;
  list(files_of(5, 1000, PushCandidates::kMaxKnown + 1 + kMost));
  read(100, 5);
  list({{99, 6}});
  EXPECT_THAT(read(100, 5), IsEmpty());
}

TEST_F(PushCandidatesTest, ClearForgetsWhatIsKnownAndWhatIsBeingListed) {
  list(files_of(5, 101, 3));
  candidates_.on_entries_listed(1, files_of(6, 201, 3));
  candidates_.clear();
  EXPECT_THAT(read(101, 5), IsEmpty());
  read(201, 6);
  EXPECT_THAT(candidates_.on_listing_continued(1), IsEmpty());
}

TEST_F(PushCandidatesTest, ThreadsGetEachFileOnceTogether) {
  constexpr std::size_t kFiles = 2000;
  constexpr unsigned kThreads = 4;
  list(files_of(5, 100, kFiles));
  std::vector<std::atomic<unsigned>> returned(kFiles);
  const auto work = [&] {
    for (std::size_t i = 0; i < kFiles / kThreads; ++i) {
      for (const fuse_ino_t number : read(1, 5)) ++returned[number - 100];
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  for (const auto& times : returned) EXPECT_EQ(times, 1U);
}

}  // namespace
}  // namespace xar::fuse
