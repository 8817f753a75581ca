// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <ctime>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/scratch.hpp"
#include "xar/blocks.hpp"

namespace xar::blocks {
namespace {

namespace fs = std::filesystem;

class PackedCacheTest : public ::testing::Test {
 protected:
  // What the cache has for `content`; "none" if nothing.
  std::string find(const std::string& content, const std::string& recipe = "recipe") {
    PackedCache cache(folder_, limit_, recipe);
    base::Bytes packed;
    if (!cache.find(digest_of(content), packed)) return "none";
    return std::string(base::as_text(packed));
  }

  void keep(const std::string& content, const std::string& packed) {
    PackedCache(folder_, limit_, "recipe")
        .keep(digest_of(content), base::as_bytes(packed));
  }

  static digest::Blake2b digest_of(const std::string& content) {
    return digest::blake2b(base::as_bytes(content));
  }

  [[nodiscard]] std::vector<fs::path> entries() const {
    std::vector<fs::path> found;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_))
      if (entry.is_regular_file()) found.push_back(entry.path());
    return found;
  }

  static void set_age(const fs::path& path, std::time_t seconds) {
    const timespec time{std::time(nullptr) - seconds, 0};
    const timespec times[2] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
  }

  static std::time_t age_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return std::time(nullptr) - status.st_mtime;
  }

  const test::Scratch scratch_;
  const fs::path folder_ = scratch_ / "above" / "cache";
  std::uint64_t limit_ = 1 << 30;
};

TEST_F(PackedCacheTest, FindsWhatAnotherBuildHasKept) {
  keep("content", "packed");
  EXPECT_EQ(find("content"), "packed");
  EXPECT_EQ(find("other content"), "none");
}

// The block is then stored as it is.
TEST_F(PackedCacheTest, FindsThatPackingIsInVain) {
  keep("content", "");
  EXPECT_EQ(find("content"), "");
}

TEST_F(PackedCacheTest, AnotherRecipeFindsNothing) {
  keep("content", "packed");
  EXPECT_EQ(find("content", "another"), "none");
}

TEST_F(PackedCacheTest, LaterResultReplacesTheEarlier) {
  keep("content", "packed");
  keep("content", "packed anew");
  EXPECT_EQ(find("content"), "packed anew");
  EXPECT_EQ(entries().size(), 1U);
}

TEST_F(PackedCacheTest, OthersCannotReadIt) {
  keep("content", "packed");
  struct stat status {};
  for (fs::path path = entries().at(0); path != folder_.parent_path();
       path = path.parent_path()) {
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 077, 0U) << path;
  }
}

TEST_F(PackedCacheTest, EntryWithAnyByteChangedCountsAsAbsent) {
  keep("content", "packed");
  const fs::path entry = entries().at(0);
  const std::string sound = test::read_file(entry);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    std::string damaged = sound;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    test::write_file(entry, damaged);
    EXPECT_EQ(find("content"), "none") << i;
  }
}

TEST_F(PackedCacheTest, EntryOfAnotherLengthCountsAsAbsent) {
  keep("content", "packed");
  const fs::path entry = entries().at(0);
  const std::string sound = test::read_file(entry);
  for (std::size_t size = 0; size < sound.size(); ++size) {
    test::write_file(entry, sound.substr(0, size));
    EXPECT_EQ(find("content"), "none") << size;
  }
  test::write_file(entry, sound + "x");
  EXPECT_EQ(find("content"), "none");
  fs::resize_file(entry, std::uint64_t{1} << 40);
  EXPECT_EQ(find("content"), "none");
}

// An entry moved to another name is sound, but of other content.
TEST_F(PackedCacheTest, EntryOfOtherContentCountsAsAbsent) {
  keep("a", "packed a");
  const fs::path a = entries().at(0);
  keep("b", "packed b");
  auto both = entries();
  std::erase(both, a);
  fs::copy_file(a, both.at(0), fs::copy_options::overwrite_existing);
  EXPECT_EQ(find("b"), "none");
  EXPECT_EQ(find("a"), "packed a");
}

TEST_F(PackedCacheTest, EntryThatIsNoFileCountsAsAbsent) {
  keep("content", "packed");
  const fs::path entry = entries().at(0);
  fs::rename(entry, scratch_ / "moved");
  fs::create_symlink(scratch_ / "moved", entry);
  EXPECT_EQ(find("content"), "none");
  fs::remove(entry);
  ASSERT_EQ(::mkfifo(entry.c_str(), 0600), 0);
  EXPECT_EQ(find("content"), "none");
  fs::remove(entry);
  fs::create_directory(entry);
  EXPECT_EQ(find("content"), "none");
}

TEST_F(PackedCacheTest, DamagedEntryIsReplaced) {
  keep("content", "packed");
  test::write_file(entries().at(0), "damaged");
  keep("content", "packed");
  EXPECT_EQ(find("content"), "packed");
}

TEST_F(PackedCacheTest, FolderThatCannotBeMadeIsNoError) {
  test::write_file(scratch_ / "above", "a file");
  keep("content", "packed");
  EXPECT_EQ(find("content"), "none");
}

TEST_F(PackedCacheTest, FindingMarksAnOldEntryAsUsed) {
  keep("content", "packed");
  const fs::path entry = entries().at(0);
  set_age(entry, 100'000);
  EXPECT_EQ(find("content"), "packed");
  EXPECT_LT(age_of(entry), 50'000);
}

// To write times for each block of each build would cost more than it tells.
TEST_F(PackedCacheTest, FindingLeavesTheTimeOfARecentEntry) {
  keep("content", "packed");
  const fs::path entry = entries().at(0);
  set_age(entry, 1800);
  EXPECT_EQ(find("content"), "packed");
  EXPECT_GE(age_of(entry), 1800);
}

class PackedCacheTrimTest : public PackedCacheTest {
 protected:
  static constexpr std::size_t kContents = 40;
  static constexpr std::uint64_t kEntrySize = 32 + 68;  // with the digest
  static constexpr std::uint64_t kSubfolders = 256;

  // A cache of so many bytes in which this object has kept some contents, each entry a
  // minute older than the one before. That is some more than one entry a subfolder.
  std::unique_ptr<PackedCache> filled_cache(std::uint64_t limit) {
    auto cache = std::make_unique<PackedCache>(folder_, limit, "recipe");
    const std::string packed(68, 'p');
    for (std::size_t i = 0; i < kContents; ++i)
      cache->keep(digest_of(std::to_string(i)), base::as_bytes(packed));
    std::time_t age = 0;
    for (const fs::path& entry : entries()) set_age(entry, age += 60);
    return cache;
  }
};

TEST_F(PackedCacheTrimTest, LeavesWhatIsWithinTheLimit) {
  filled_cache(kContents * kSubfolders * kEntrySize)->trim([] {});
  EXPECT_EQ(entries().size(), kContents);
}

TEST_F(PackedCacheTrimTest, RemovesWhatHasNotBeenUsedForLongest) {
  const auto cache = filled_cache(kSubfolders * kEntrySize);
  std::map<fs::path, fs::path> newest;  // of each subfolder
  for (const fs::path& entry : entries()) {
    fs::path& known = newest[entry.parent_path()];
    if (known.empty() || fs::last_write_time(entry) > fs::last_write_time(known))
      known = entry;
  }
  ASSERT_LT(newest.size(), kContents);
  cache->trim([] {});
  EXPECT_EQ(entries().size(), newest.size());
  for (const auto& [subfolder, entry] : newest) EXPECT_TRUE(fs::exists(entry)) << entry;
}

TEST_F(PackedCacheTrimTest, LimitOfNothingKeepsNothing) {
  filled_cache(0)->trim([] {});
  EXPECT_TRUE(entries().empty());
}

// What an earlier build has kept it has trimmed.
TEST_F(PackedCacheTrimTest, LooksOnlyWhereSomethingHasBeenAdded) {
  filled_cache(0);
  PackedCache(folder_, 0, "recipe").trim([] { FAIL(); });
  EXPECT_EQ(entries().size(), kContents);
}

TEST_F(PackedCacheTrimTest, CountsAndRemovesWhatAKilledBuildHasLeft) {
  const auto cache = filled_cache(kSubfolders * kEntrySize);
  const fs::path subfolder = entries().at(0).parent_path();
  test::write_file(subfolder / ".left", std::string(1000, 'x'));
  set_age(subfolder / ".left", 1'000'000);
  cache->trim([] {});
  EXPECT_FALSE(fs::exists(subfolder / ".left"));
}

TEST_F(PackedCacheTrimTest, EndsWhenTold) {
  const auto cache = filled_cache(0);
  unsigned calls = 0;
  EXPECT_THROW(cache->trim([&calls] {
    if (++calls == 5) throw std::runtime_error("cancelled");
  }),
               std::runtime_error);
  EXPECT_FALSE(entries().empty());
}

// As many builds do at once.
TEST_F(PackedCacheTest, ThreadsKeepAndFindTheSameContents) {
  std::vector<std::thread> threads;
  std::atomic<unsigned> wrong = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, &wrong] {
      PackedCache cache(folder_, limit_, "recipe");
      base::Bytes packed;
      for (int j = 0; j < 10; ++j) {
        const std::string text = std::to_string(j);
        cache.keep(digest_of(text), base::as_bytes(text));
        if (!cache.find(digest_of(text), packed) || base::as_text(packed) != text)
          ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0U);
}

class CleanBlocksTest : public PackedCacheTest {
 protected:
  std::vector<fs::path> cleaned(std::uint64_t older_than, bool dry_run = false) {
    std::vector<fs::path> removed;
    clean(folder_, older_than, dry_run,
          [&](const fs::path& path) { removed.push_back(path); });
    return removed;
  }
};

TEST_F(CleanBlocksTest, RemovesWhatIsOldEnough) {
  keep("content", "packed");
  const fs::path entry = entries().at(0);
  set_age(entry, 1000);
  EXPECT_TRUE(cleaned(5000).empty());
  EXPECT_EQ(cleaned(1000), std::vector{entry});
  EXPECT_TRUE(entries().empty());
}

TEST_F(CleanBlocksTest, TimeInTheFutureIsNoAge) {
  keep("content", "packed");
  set_age(entries().at(0), -1'000'000);
  EXPECT_TRUE(cleaned(1).empty());
  EXPECT_EQ(cleaned(0).size(), 1U);
}

TEST_F(CleanBlocksTest, DryRunReportsAndRemovesNothing) {
  keep("content", "packed");
  EXPECT_EQ(cleaned(0, true).size(), 1U);
  EXPECT_EQ(entries().size(), 1U);
}

TEST_F(CleanBlocksTest, LeavesWhatIsNoEntry) {
  keep("content", "packed");
  const fs::path subfolder = entries().at(0).parent_path();
  fs::remove(entries().at(0));
  fs::create_directory(subfolder / "folder");
  fs::create_symlink("/etc/passwd", subfolder / "link");
  fs::create_directory(folder_ / "longer");
  test::write_file(folder_ / "longer" / "file", "content");
  test::write_file(folder_ / "fi", "content");
  fs::create_directory(scratch_ / "elsewhere");
  test::write_file(scratch_ / "elsewhere" / "file", "content");
  fs::create_directory_symlink(scratch_ / "elsewhere", folder_ / "zz");
  EXPECT_TRUE(cleaned(0).empty());
  EXPECT_TRUE(fs::exists(scratch_ / "elsewhere" / "file"));
}

TEST_F(CleanBlocksTest, MissingFolderIsNoError) {
  EXPECT_TRUE(cleaned(0).empty());
}

}  // namespace
}  // namespace xar::blocks
