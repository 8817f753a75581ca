// SPDX-License-Identifier: BSD-2-Clause
// What the server hands to the kernel, or prepares, before it is asked for it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "integration/fuse/mounted.hpp"
#include "support/same_tree.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"

namespace xar::fuse {
namespace {

namespace fs = std::filesystem;
using test::expect_same_tree;
using test::Mounted;

// A folder of many files, listed and then read.
std::uint64_t requests_to_read(const Mounted& mounted, const fs::path& folder) {
  const std::vector<std::string> names = test::names_in(mounted.path() / folder);
  const std::uint64_t before = mounted.requests();
  for (const std::string& name : names) test::read_file(mounted.path() / folder / name);
  return mounted.requests() - before;
}

class ServeSmallFiles : public testing::Test {
 protected:
  static constexpr unsigned kFiles = 50;

  void SetUp() override {
    XAR_NEEDS_FUSE();
    for (const char* folder : {"first", "second"}) {
      fs::create_directories(tree_ / folder);
      for (unsigned i = 0; i < kFiles; ++i) {
        test::write_file(tree_ / folder / std::to_string(i), test::noise(1000 + i, i));
      }
    }
    test::make_image(tree_, scratch_ / "image", "-comp zstd");
  }

  test::Scratch scratch_;
  fs::path tree_ = scratch_ / "tree";
};

TEST_F(ServeSmallFiles, AreBroughtAlongByTheFirstThatIsRead) {
  const Mounted mounted(scratch_ / "image", scratch_ / "mnt");
  mounted.settle();
  EXPECT_LE(requests_to_read(mounted, "first"), 2u);
  // Its files are in the fragment block that is being read, so listing brings them.
  EXPECT_EQ(requests_to_read(mounted, "second"), 0u);
  expect_same_tree(tree_, mounted.path());
}

TEST_F(ServeSmallFiles, StayWhereTheyAreWhenTheyAreOnlyListed) {
  const Mounted mounted(scratch_ / "image", scratch_ / "mnt");
  EXPECT_EQ(test::names_in(mounted.path() / "first").size(), kFiles);
  EXPECT_EQ(test::names_in(mounted.path() / "second").size(), kFiles);
  const base::Fd fd = base::open_file(mounted.path() / "second/7", O_RDONLY);
  const std::uint64_t before = mounted.requests();
  char byte = 0;
  EXPECT_EQ(::pread(fd.get(), &byte, 1, 0), 1);
  EXPECT_EQ(mounted.requests() - before, 1u);
}

// One reader has to wait for the answer to which another's pushing has to wait.
TEST_F(ServeSmallFiles, AreReadByManyAtOnce) {
  for (unsigned round = 0; round < 5; ++round) {
    const Mounted mounted(scratch_ / "image", scratch_ / ("mnt" + std::to_string(round)));
    std::vector<pid_t> readers;
    for (unsigned i = 0; i < 8; ++i) {
      readers.push_back(::fork());
      if (readers.back() != 0) continue;
      expect_same_tree(tree_, mounted.path());
      ::_exit(HasFailure() ? 1 : 0);
    }
    for (const pid_t reader : readers) {
      int status = -1;
      EXPECT_EQ(::waitpid(reader, &status, 0), reader);
      EXPECT_EQ(status, 0);
    }
  }
}

// Two in each fragment block. What has been prepared is there when the image is not.
TEST(ServeFragmentBlocks, ArePreparedBesideTheOneThatIsRead) {
  XAR_NEEDS_FUSE();
  constexpr std::size_t kSize = 60'000;
  const test::Scratch scratch;
  fs::create_directory(scratch / "tree");
  const auto name_of = [](unsigned number) { return std::to_string(100 + number); };
  for (unsigned i = 0; i < 40; ++i) {
    test::write_file(scratch / "tree" / name_of(i), test::noise(kSize, i));
  }
  test::make_image(scratch / "tree", scratch / "image", "-comp zstd");
  const Mounted mounted(scratch / "image", scratch / "mnt");
  mounted.settle();
  std::vector<base::Fd> files;
  for (unsigned i = 0; i < 40; ++i) {
    files.push_back(base::open_file(mounted.path() / name_of(i), O_RDONLY));
  }
  const auto is_right = [&](unsigned number) {
    std::string content(kSize, '\0');
    const ssize_t got = ::pread(files[number].get(), content.data(), kSize, 0);
    return got == ssize_t{kSize} && content == test::noise(kSize, number);
  };
  const std::uint64_t before = mounted.bytes_read();
  EXPECT_TRUE(is_right(20));
  for (int i = 0; i < 1000 && mounted.bytes_read() < before + 8 * kSize; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  fs::resize_file(scratch / "image", 200);
  for (const unsigned number : {18U, 19U, 21U, 22U, 23U, 24U, 25U}) {
    EXPECT_TRUE(is_right(number)) << number;
  }
  EXPECT_FALSE(is_right(30));
}

// Whether the kernel has all of this part of a file, or gets it within ten seconds.
bool comes_into_the_cache(int fd, std::uint64_t offset, std::size_t size) {
  void* const part =
      ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(offset));
  if (part == MAP_FAILED) return false;
  std::vector<unsigned char> pages(size / 4096);
  bool is_there = false;
  for (int i = 0; i < 1000 && !is_there; ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ::mincore(part, size, pages.data());
    is_there = std::ranges::all_of(pages, [](unsigned char page) { return page & 1; });
  }
  ::munmap(part, size);
  return is_there;
}

// Readers in turns at two places of a file, none of which the kernel reads ahead.
TEST(ServeBlocks, AreBroughtAlongWhenReadingIsRandom) {
  XAR_NEEDS_FUSE();
  const test::Scratch scratch;
  const fs::path tree = scratch / "tree";
  test::make_sample_tree(tree);
  constexpr std::uint64_t kBlock = 131072;
  const std::string content = test::noise(8 * kBlock, 1);
  test::write_file(tree / "random", content);
  test::make_image(tree, scratch / "image", "-comp zstd");
  const Mounted mounted(scratch / "image", scratch / "mnt");
  mounted.settle();
  const base::Fd fd = base::open_file(mounted.path() / "random", O_RDONLY);
  const auto is_right_at = [&](std::uint64_t offset) {
    char byte = 0;
    return ::pread(fd.get(), &byte, 1, static_cast<off_t>(offset)) == 1 &&
           byte == content[offset];
  };
  for (const std::uint64_t block : {5, 2}) {
    EXPECT_TRUE(is_right_at(block * kBlock + 50'000));
    // One block at a time: who finds another thread pushing lets it be.
    EXPECT_TRUE(comes_into_the_cache(fd.get(), block * kBlock, kBlock)) << block;
  }
  const std::uint64_t before = mounted.requests();
  for (const std::uint64_t block : {5, 2}) {
    for (const std::uint64_t within : {0U, 49'000U, 53'500U, 131'071U}) {
      EXPECT_TRUE(is_right_at(block * kBlock + within)) << block << ' ' << within;
    }
  }
  EXPECT_EQ(mounted.requests(), before);
  expect_same_tree(tree, mounted.path());
}

}  // namespace
}  // namespace xar::fuse
