// SPDX-License-Identifier: BSD-2-Clause
// Content of every kind, read piece by piece and cut into blocks.
#include "squashfs/content_reader.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "squashfs/block_cutter.hpp"
#include "support/memory_file.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::squashfs {
namespace {

using ::testing::HasSubstr;

constexpr std::uint32_t kBlockSize = 4096;

// What a cutter makes of content.
struct Cut {
  std::string content;  // all of it again, the zeros included
  std::uint64_t zero_blocks = 0;
  std::uint32_t tail = 0;
};

Cut cut(const tree::Content& content, std::uint64_t size) {
  const auto reader = ContentReader::open(content);
  BlockCutter cutter(*reader, size, kBlockSize);
  Cut result;
  while (cutter.has_block()) {
    base::Bytes block;
    const std::uint64_t zeros = cutter.next(block);
    EXPECT_EQ(block.size(), zeros == 0 ? kBlockSize : 0);
    result.zero_blocks += zeros;
    result.content.append(zeros * kBlockSize, '\0');
    result.content += base::as_text(block);
  }
  result.tail = cutter.tail();
  base::Bytes tail;
  reader->read(result.tail, tail);
  result.content += base::as_text(tail);
  reader->finish();
  return result;
}

tree::DiskFile as_scanned(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return {path, static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec};
}

TEST(BlockCutter, CutsSizesAroundBlocks) {
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 8192U, 10'000U}) {
    const std::string content = test::noise(size, 1);
    const Cut result = cut(content, size);
    EXPECT_EQ(result.content, content) << size;
    EXPECT_EQ(result.tail, size % kBlockSize) << size;
    EXPECT_EQ(result.zero_blocks, 0U) << size;
  }
}

TEST(BlockCutter, FindsBlocksOfZerosBetweenOthers) {
  const std::string zeros(kBlockSize, '\0');
  std::string content = zeros + test::noise(kBlockSize, 1) + zeros + zeros;
  content += std::string(100, '\0');
  const Cut result = cut(content, content.size());
  EXPECT_EQ(result.content, content);
  EXPECT_EQ(result.zero_blocks, 3U);
  EXPECT_EQ(result.tail, 100U);
}

TEST(BlockCutter, BlockWithOneOtherByteIsNotOfZeros) {
  for (const std::size_t at : {0U, 1U, 2000U, 4095U}) {
    std::string content(kBlockSize, '\0');
    content[at] = 'x';
    const Cut result = cut(content, content.size());
    EXPECT_EQ(result.zero_blocks, 0U) << at;
    EXPECT_EQ(result.content, content) << at;
  }
}

// Whether the file system tells of holes or not.
TEST(BlockCutter, FindsHolesOfALargeFile) {
  const test::Scratch scratch;
  const std::filesystem::path path = scratch / "sparse";
  std::string content(3 << 20, '\0');
  for (const std::size_t at : {0x1000U, 0x100'123U, 0x200'FFFU}) content[at] = 'x';
  test::write_file(path, "");
  std::filesystem::resize_file(path, content.size());
  const base::Fd file = base::open_file(path, O_RDWR);
  for (std::size_t at = content.find('x'); at != content.npos;
       at = content.find('x', at + 1))
    base::write_at(file.get(), at, base::as_bytes("x"), path);
  const Cut result = cut(as_scanned(path), content.size());
  EXPECT_TRUE(result.content == content);
  EXPECT_EQ(result.zero_blocks, content.size() / kBlockSize - 3);
}

TEST(BlockCutter, FindsThatALargeFileIsOneHole) {
  const test::Scratch scratch;
  test::write_file(scratch / "sparse", "");
  constexpr std::uint64_t kSize = (2 << 20) + 5;
  std::filesystem::resize_file(scratch / "sparse", kSize);
  const Cut result = cut(as_scanned(scratch / "sparse"), kSize);
  EXPECT_EQ(result.zero_blocks, (2U << 20) / kBlockSize);
  EXPECT_EQ(result.tail, 5U);
}

TEST(BlockCutter, SkippingLeavesTheTail) {
  const tree::Content content = test::noise(3 * kBlockSize, 1) + "tail";
  const auto reader = ContentReader::open(content);
  BlockCutter cutter(*reader, 3 * kBlockSize + 4, kBlockSize);
  base::Bytes block;
  cutter.next(block);
  cutter.skip_blocks();
  EXPECT_FALSE(cutter.has_block());
  ASSERT_EQ(cutter.tail(), 4U);
  base::Bytes tail;
  reader->read(4, tail);
  EXPECT_EQ(base::as_text(tail), "tail");
}

TEST(PartContent, BeginsAndEndsInsideItsFile) {
  const auto file = std::make_shared<const base::Fd>(
      test::memory_file(base::as_bytes("before|content|behind")));
  EXPECT_EQ(cut(tree::Part{file, 7, 7}, 7).content, "content");
}

TEST(PartContent, HoleBehindAPartIsNotItsOwn) {
  const base::Bytes ones(1 << 20, std::byte{1});
  base::Fd memory = test::memory_file();
  base::write_at(memory.get(), 1 << 20, ones, "memory");
  base::write_at(memory.get(), 4 << 20, base::as_bytes("x"), "memory");
  const auto file = std::make_shared<const base::Fd>(std::move(memory));
  const Cut result =
      cut(tree::Part{file, (1 << 20) - kBlockSize, (1 << 20) + 2 * kBlockSize},
          (1 << 20) + 2 * kBlockSize);
  EXPECT_EQ(result.zero_blocks, 2U);
}

TEST(PartContent, RefusesAFileThatIsCutShort) {
  const auto file =
      std::make_shared<const base::Fd>(test::memory_file(base::as_bytes("short")));
  const auto reader = ContentReader::open(tree::Part{file, 0, 6});
  base::Bytes out;
  EXPECT_THROW(reader->read(6, out), base::Error);
}

class DiskContentTest : public ::testing::Test {
 protected:
  // The file has an old time: one of now would be that of later changes too, where the
  // clock is coarse.
  DiskContentTest() {
    test::write_file(path_, "content");
    set_time({1'000'000, 5});
    file_ = as_scanned(path_);
  }

  void set_time(const timespec& time) const {
    const timespec times[2] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, path_.c_str(), times, 0), 0);
  }

  // What opening and reading the scanned file fails with; empty if it does not.
  std::string refusal(const std::function<void()>& after_opening = {}) const {
    try {
      const auto reader = ContentReader::open(file_);
      if (after_opening) after_opening();
      base::Bytes out;
      reader->read(7, out);
      reader->finish();
      return "";
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  test::Scratch scratch_;
  const std::filesystem::path path_ = scratch_ / "file";
  tree::Content file_;
  static constexpr const char* kChanged = "changed while it was packed: ";
};

TEST_F(DiskContentTest, ReadsAnUnchangedFile) {
  EXPECT_EQ(refusal(), "");
}

TEST_F(DiskContentTest, RefusesAFileThatChangedAfterTheScan) {
  test::write_file(path_, "CONTENT");
  EXPECT_THAT(refusal(), HasSubstr(kChanged + path_.native()));
}

TEST_F(DiskContentTest, RefusesAFileThatChangesWhileItIsRead) {
  EXPECT_THAT(refusal([&] { test::write_file(path_, "CONTENT"); }), HasSubstr(kChanged));
}

TEST_F(DiskContentTest, RefusesAFileThatIsCutWhileItIsRead) {
  EXPECT_THAT(refusal([&] { std::filesystem::resize_file(path_, 3); }),
              HasSubstr(kChanged));
}

TEST_F(DiskContentTest, RefusesAnotherTimeInNanoseconds) {
  set_time({1'000'000, 6});
  EXPECT_THAT(refusal(), HasSubstr(kChanged));
}

TEST_F(DiskContentTest, RefusesWhatIsNoFileAnyMore) {
  std::filesystem::rename(path_, scratch_ / "moved");
  EXPECT_THAT(refusal(), HasSubstr(kChanged));
  std::filesystem::create_symlink("moved", path_);
  EXPECT_THAT(refusal(), HasSubstr(kChanged));
}

TEST_F(DiskContentTest, DoesNotWaitForTheWriterOfAPipe) {
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(refusal(), HasSubstr(kChanged));
}

}  // namespace
}  // namespace xar::squashfs
