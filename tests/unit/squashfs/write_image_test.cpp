// SPDX-License-Identifier: BSD-2-Clause
// What is stored once, in blocks of 4 KiB, and that it is read back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <stdexcept>

#include "support/memory_file.hpp"
#include "support/memory_image.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kBlock = 4096;

class WriteImageTest : public ::testing::Test {
 protected:
  WriteImageTest() {
    options_.block_size = kBlock;
    options_.level = 1;
    options_.threads = 2;
  }

  void add(const std::string& name, const std::string& content) {
    tree_.add_file(name, content, 0644);
  }

  // Writes the image, and expects that each file has its content in it.
  Summary write() {
    const base::Fd file = test::memory_file();
    const Summary summary = write_image(file.get(), 0, "memory", tree_, options_);
    const image::Image image = test::image_of(test::content_of(file.get()));
    tree::for_each_entry(tree_, [&](const std::string& path, const tree::Entry& entry) {
      EXPECT_TRUE(read(image, path) == std::get<std::string>(entry.inode->content))
          << path;
    });
    return summary;
  }

  static std::string read(const image::Image& image, const std::string& name) {
    std::optional<image::Entry> found;
    EXPECT_EQ(image.lookup(image.root(), name, found), 0);
    if (!found) return "missing";
    struct stat status {};
    EXPECT_EQ(image.attributes(found->inode, status), 0);
    base::Bytes content(static_cast<std::size_t>(status.st_size));
    std::size_t got = 0;
    EXPECT_EQ(image.read(found->inode, 0, content, got), 0);
    return std::string(base::as_text(base::ByteView(content).first(got)));
  }

  // What the options are refused with; empty if they are not.
  std::string refusal() {
    try {
      write();
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  tree::Tree tree_;
  Options options_;
};

TEST_F(WriteImageTest, EqualFilesAreStoredOnce) {
  const std::string content = test::noise(3 * kBlock + 10, 1);
  add("a", content);
  add("b", content);
  const Summary summary = write();
  EXPECT_EQ(summary.content_bytes, 2 * content.size());
  EXPECT_EQ(summary.duplicate_bytes, content.size());
}

TEST_F(WriteImageTest, BlocksAreSharedOnlyIfAllStandInARow) {
  const std::string a = test::noise(kBlock, 1);
  const std::string b = test::noise(kBlock, 2);
  const std::string c = test::noise(kBlock, 3);
  add("1", a + b + c);
  add("2", b + c);  // the end of the first
  add("3", a + b);  // its beginning
  add("4", a + c);  // its blocks, but not in a row
  EXPECT_EQ(write().duplicate_bytes, 4 * kBlock);
}

// The last block of one file and the first of the next are in a row as well.
TEST_F(WriteImageTest, BlocksOfSeveralFilesInARowAreShared) {
  const std::string a = test::noise(kBlock, 1);
  const std::string b = test::noise(kBlock, 2);
  add("1", a);
  add("2", b);
  add("3", a + b);
  EXPECT_EQ(write().duplicate_bytes, 2 * kBlock);
}

TEST_F(WriteImageTest, HolesAreNoPartOfTheRow) {
  const std::string a = test::noise(kBlock, 1);
  const std::string b = test::noise(kBlock, 2);
  const std::string zeros(kBlock, '\0');
  add("1", a + b);
  add("2", zeros + a + zeros + zeros + b + zeros);
  EXPECT_EQ(write().duplicate_bytes, 2 * kBlock);
}

TEST_F(WriteImageTest, EqualTailsAreStoredOnceWhateverTheBlocksBefore) {
  const std::string tail = test::noise(100, 9);
  add("1", test::noise(kBlock, 1) + tail);
  add("2", test::noise(kBlock, 2) + tail);
  add("3", tail);
  EXPECT_EQ(write().duplicate_bytes, 200U);
}

TEST_F(WriteImageTest, TailsFillBlocksWithoutBeingTornApart) {
  for (std::uint32_t i = 0; i < 20; ++i)
    add(std::to_string(i), test::noise(kBlock / 3 + i, i));
  add("whole", test::noise(kBlock - 1, 77));
  EXPECT_EQ(write().duplicate_bytes, 0U);
}

TEST_F(WriteImageTest, FilesOfZerosAndOfNothingTakeNoBlocks) {
  add("empty", "");
  add("zeros", std::string(10 * kBlock, '\0'));
  add("zero", std::string(1, '\0'));
  const Summary summary = write();
  EXPECT_EQ(summary.content_bytes, 10 * kBlock + 1);
  EXPECT_EQ(summary.image_bytes, kBlock);
}

TEST_F(WriteImageTest, ThreadsDoNotChangeTheImage) {
  for (std::uint32_t i = 0; i < 30; ++i)
    add(std::to_string(i), test::noise(2000 * (i % 5), i) + std::string(3000, 'x'));
  options_.threads = 1;
  const base::Bytes one = test::written_image(tree_, options_);
  options_.threads = 7;
  EXPECT_TRUE(test::written_image(tree_, options_) == one);
}

TEST_F(WriteImageTest, SecondBuildTakesBlocksFromTheCache) {
  const test::Scratch scratch;
  options_.cache_folder = scratch / "cache";
  add("a", test::noise(3 * kBlock + 10, 1));
  const base::Bytes first = test::written_image(tree_, options_);
  EXPECT_EQ(write().cached_bytes, 3 * kBlock + 10);
  EXPECT_TRUE(test::written_image(tree_, options_) == first);
  options_.level = 2;
  EXPECT_EQ(write().cached_bytes, 0U);
}

TEST_F(WriteImageTest, OptionsOutOfRangeAreRefused) {
  for (const std::uint32_t size : {0U, 1U, 2048U, 4097U, 1U << 21, UINT32_MAX}) {
    options_.block_size = size;
    EXPECT_THAT(refusal(), HasSubstr("bad block size: ")) << size;
  }
  options_.block_size = kBlock;
  for (const int level : {0, 23, -1}) {
    options_.level = level;
    EXPECT_THAT(refusal(), HasSubstr("bad zstd level: ")) << level;
  }
  options_.level = 1;
  options_.threads = 1025;
  EXPECT_THAT(refusal(), HasSubstr("bad number of threads: "));
}

TEST_F(WriteImageTest, IsCancelledInEveryPhase) {
  for (std::uint32_t i = 0; i < 5; ++i)
    add(std::to_string(i), test::noise(2 * kBlock + 9, i));
  unsigned calls = 0;
  options_.on_progress = [&calls](const Progress&) { ++calls; };
  write();
  const unsigned all = calls;
  for (unsigned last = 1; last < all; last += 3) {
    calls = 0;
    options_.on_progress = [&calls, last](const Progress&) {
      if (++calls == last) throw std::runtime_error("cancelled");
    };
    EXPECT_THROW(test::written_image(tree_, options_), std::runtime_error) << last;
  }
}

TEST_F(WriteImageTest, ProgressReachesItsTotal) {
  add("a", test::noise(3 * kBlock + 10, 1));
  add("b", test::noise(3 * kBlock + 10, 1));
  Progress latest;
  std::uint64_t most = 0;
  options_.on_progress = [&](const Progress& now) {
    EXPECT_GE(now.done, most);
    most = now.done;
    latest = now;
  };
  const Summary summary = write();
  EXPECT_EQ(latest.done, summary.content_bytes);
  EXPECT_EQ(latest.total, summary.content_bytes);
}

}  // namespace
}  // namespace xar::squashfs
