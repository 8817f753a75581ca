// SPDX-License-Identifier: BSD-2-Clause
// Images that mksquashfs made, read through Image and compared with their source.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/base/file.hpp"
#include "xar/image.hpp"

namespace xar::image {
namespace {

namespace fs = std::filesystem;
using test::Scratch;

Image open_image(const fs::path& path, std::uint64_t offset = 0) {
  return Image::open(base::open_file(path, O_RDONLY), offset, path);
}

Entry find(const Image& image, InodeReference directory, const std::string& name) {
  std::optional<Entry> found;
  EXPECT_EQ(image.lookup(directory, name, found), 0);
  if (!found) throw std::runtime_error("not in the image: " + name);
  return *found;
}

std::vector<Entry> list(const Image& image, InodeReference directory,
                        std::uint64_t from = 0) {
  std::vector<Entry> entries;
  const auto keep = [&entries](const Entry& entry) {
    entries.push_back(entry);
    return true;
  };
  EXPECT_EQ(image.list(directory, from, keep), 0);
  return entries;
}

// The whole content, read `piece` bytes at a time.
std::string content(const Image& image, InodeReference file, std::size_t piece) {
  std::string all;
  std::string buffer(piece, '\0');
  for (;;) {
    std::size_t got = 0;
    const auto out = std::as_writable_bytes(std::span(buffer.data(), buffer.size()));
    EXPECT_EQ(image.read(file, all.size(), out, got), 0);
    all.append(buffer, 0, got);
    if (got < piece) return all;
  }
}

void compare_attributes(const struct stat& theirs, const struct stat& ours) {
  EXPECT_EQ(theirs.st_mode, ours.st_mode);
  EXPECT_EQ(theirs.st_uid, ours.st_uid);
  EXPECT_EQ(theirs.st_gid, ours.st_gid);
  EXPECT_EQ(theirs.st_mtime, ours.st_mtime);
  EXPECT_EQ(theirs.st_rdev, ours.st_rdev);
  if (S_ISDIR(theirs.st_mode)) return;
  EXPECT_EQ(theirs.st_nlink, ours.st_nlink);
  EXPECT_EQ(theirs.st_size, ours.st_size);
}

void compare(const fs::path& path, const Image& image, const Entry& entry) {
  SCOPED_TRACE(path);
  struct stat theirs {};
  struct stat ours {};
  ASSERT_EQ(::lstat(path.c_str(), &theirs), 0);
  ASSERT_EQ(image.attributes(entry.inode, ours), 0);
  compare_attributes(theirs, ours);
  EXPECT_EQ(ours.st_ino, entry.number);
  EXPECT_EQ(ours.st_mode & S_IFMT, entry.type);
  if (S_ISREG(ours.st_mode)) {
    EXPECT_TRUE(content(image, entry.inode, 100'000) == test::read_file(path));
  } else if (S_ISLNK(ours.st_mode)) {
    std::string target;
    EXPECT_EQ(image.read_link(entry.inode, target), 0);
    EXPECT_EQ(target, fs::read_symlink(path));
  } else if (S_ISDIR(ours.st_mode)) {
    std::vector<std::string> names;
    for (const Entry& inner : list(image, entry.inode)) {
      if (inner.name == "." || inner.name == "..") continue;
      names.push_back(inner.name);
      EXPECT_EQ(find(image, entry.inode, inner.name).inode, inner.inode);
      compare(path / inner.name, image, inner);
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, test::names_in(path));
  }
}

Entry root_of(const Image& image) {
  return list(image, image.root()).at(0);
}

class ImageReadBack : public testing::TestWithParam<const char*> {};

TEST_P(ImageReadBack, EveryFileIsAsInTheSource) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", GetParam(), 4096);
  const Image image = open_image(scratch / "image", 4096);
  compare(scratch / "tree", image, root_of(image));
}

INSTANTIATE_TEST_SUITE_P(Mksquashfs, ImageReadBack,
                         testing::Values("-comp gzip", "-comp xz", "-comp lzo",
                                         "-comp lz4", "-comp zstd",
                                         "-comp zstd -noI -noX -noF -noD",
                                         "-comp zstd -b 4K", "-comp gzip -b 1M",
                                         "-comp zstd -no-fragments",
                                         "-comp zstd -always-use-fragments",
                                         "-comp zstd -no-exports -no-sparse"));

TEST(Image, NamesTheCompression) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "-comp xz");
  const Image image = open_image(scratch / "image");
  EXPECT_EQ(image.compression(), "xz");
  EXPECT_LE(image.bytes_used(), fs::file_size(scratch / "image"));
}

TEST(Image, ReadsAtAnyOffsetInPiecesOfAnySize) {
  const Scratch scratch;
  fs::create_directory(scratch / "tree");
  const std::string text = test::noise(50'000, 3);
  test::write_file(scratch / "tree/file", text);
  test::make_image(scratch / "tree", scratch / "image", "-b 4K");
  const Image image = open_image(scratch / "image");
  const InodeReference file = find(image, image.root(), "file").inode;
  for (const std::size_t piece : {1u, 7u, 4096u, 5000u, 100'000u}) {
    EXPECT_TRUE(content(image, file, piece) == text) << piece;
  }
  std::size_t got = 1;
  std::array<std::byte, 16> out{};
  EXPECT_EQ(image.read(file, 1ULL << 62, out, got), 0);
  EXPECT_EQ(got, 0u);
  EXPECT_EQ(image.read(file, text.size() - 3, out, got), 0);
  EXPECT_EQ(got, 3u);
}

TEST(Image, FindsBlocksFarIntoALongFile) {
  const Scratch scratch;
  fs::create_directory(scratch / "tree");
  // More than two thousand blocks of 4 KiB, the last of them a tail.
  const std::string text = test::noise(10'000'123, 5);
  test::write_file(scratch / "tree/file", text);
  test::make_image(scratch / "tree", scratch / "image", "-comp lz4 -b 4K");
  const Image image = open_image(scratch / "image");
  const InodeReference file = find(image, image.root(), "file").inode;
  std::string out(10'000, '\0');
  for (std::size_t at = text.size() - 5000; at > 400'000; at -= 333'333) {
    std::size_t got = 0;
    const auto bytes = std::as_writable_bytes(std::span(out.data(), out.size()));
    ASSERT_EQ(image.read(file, at, bytes, got), 0);
    EXPECT_TRUE(text.compare(at, 10'000, out, 0, got) == 0) << at;
  }
}

TEST(Image, CountsOnlyStoredBytesOfSparseFilesAsBlocks) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "");
  const Image image = open_image(scratch / "image");
  struct stat status {};
  ASSERT_EQ(image.attributes(find(image, image.root(), "sparse").inode, status), 0);
  EXPECT_EQ(status.st_size, 1'500'000);
  EXPECT_LT(status.st_blocks, 1'500'000 / 512 / 2);
  EXPECT_GT(status.st_blocks, 0);
}

TEST(Image, HardLinksShareTheirInode) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "");
  const Image image = open_image(scratch / "image");
  const InodeReference special = find(image, image.root(), "special").inode;
  EXPECT_EQ(find(image, special, "first-name").inode,
            find(image, special, "second-name").inode);
}

TEST(Image, SaysWhatANameIsNot) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "");
  const Image image = open_image(scratch / "image");
  const InodeReference file = find(image, image.root(), "small1").inode;
  std::optional<Entry> found;
  EXPECT_EQ(image.lookup(image.root(), "smal", found), 0);
  EXPECT_FALSE(found);
  EXPECT_EQ(image.lookup(file, "any", found), ENOTDIR);
  EXPECT_EQ(image.list(file, 0, [](const Entry&) { return true; }), ENOTDIR);
  std::string target;
  EXPECT_EQ(image.read_link(file, target), EINVAL);
  std::size_t got = 0;
  EXPECT_EQ(image.read(image.root(), 0, {}, got), EISDIR);
}

class CrowdedDirectory : public testing::TestWithParam<unsigned> {
 protected:
  CrowdedDirectory() { test::make_crowded_image(scratch_ / "image", GetParam()); }
  Scratch scratch_;
};

TEST_P(CrowdedDirectory, IsListedFromEveryPosition) {
  const Image image = open_image(scratch_ / "image");
  const std::vector<Entry> all = list(image, image.root());
  ASSERT_EQ(all.size(), GetParam() + 2);
  EXPECT_EQ(all[0].name, ".");
  EXPECT_EQ(all[1].name, "..");
  EXPECT_EQ(all[1].number, all[0].number);
  for (std::size_t i = 0; i + 1 < all.size(); i += 397) {
    Entry next;
    const auto first = [&next](const Entry& entry) {
      next = entry;
      return false;
    };
    ASSERT_EQ(image.list(image.root(), all[i].next, first), 0);
    EXPECT_EQ(next.name, all[i + 1].name);
    EXPECT_EQ(next.inode, all[i + 1].inode);
    EXPECT_EQ(next.number, all[i + 1].number);
    EXPECT_EQ(next.next, all[i + 1].next);
  }
  EXPECT_TRUE(list(image, image.root(), all.back().next).empty());
}

TEST_P(CrowdedDirectory, IsListedInPiecesWithoutGapsOrRepetitions) {
  const Image image = open_image(scratch_ / "image");
  std::vector<std::string> names;
  std::uint64_t from = 0;
  for (std::size_t before = 1; before != names.size();) {
    before = names.size();
    const auto keep = [&](const Entry& entry) {
      if (names.size() == before + 50) return false;
      names.push_back(entry.name);
      from = entry.next;
      return true;
    };
    ASSERT_EQ(image.list(image.root(), from, keep), 0);
  }
  EXPECT_EQ(names.size(), GetParam() + 2);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST_P(CrowdedDirectory, NamesAreFoundAndNoOthers) {
  const Image image = open_image(scratch_ / "image");
  for (unsigned i = 0; i < GetParam(); i += 7) {
    const std::string name = "entry-" + std::to_string(i);
    EXPECT_EQ(find(image, image.root(), name).name, name);
  }
  std::optional<Entry> found;
  for (const char* name : {"", "a", "entry-", "entry-00", "entry-9999999", "zzz"}) {
    EXPECT_EQ(image.lookup(image.root(), name, found), 0);
    EXPECT_FALSE(found) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Entries, CrowdedDirectory, testing::Values(300, 20'000));

class ImageOfEachCompression : public testing::TestWithParam<const char*> {};

TEST_P(ImageOfEachCompression, IsReadByEightThreadsAtOnce) {
  const Scratch scratch;
  test::make_sample_tree(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", GetParam());
  const Image image = open_image(scratch / "image");
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 8; ++i) {
    threads.emplace_back([&] { compare(scratch / "tree", image, root_of(image)); });
  }
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(Mksquashfs, ImageOfEachCompression,
                         testing::Values("-comp gzip", "-comp xz", "-comp lzo",
                                         "-comp lz4", "-comp zstd"));

}  // namespace
}  // namespace xar::image
