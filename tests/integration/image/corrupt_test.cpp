// SPDX-License-Identifier: BSD-2-Clause
// Images with wrong bytes in them: whatever they say, reading ends with an answer or
// an error. The sanitizers see to it that "ends" means no more than that.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <random>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/image.hpp"

namespace xar::image {
namespace {

// Asks for everything in an image. Limited, because wrong bytes can make a directory
// its own descendant and a file as long as the universe.
class Visitor {
 public:
  explicit Visitor(const Image& image) : image_(image) {}

  void visit(InodeReference inode, unsigned depth = 0) {
    if (visits_++ > 500) return;
    struct stat status {};
    if (!sane(image_.attributes(inode, status))) return;
    if (S_ISREG(status.st_mode)) read(inode, static_cast<std::uint64_t>(status.st_size));
    if (S_ISLNK(status.st_mode)) sane(image_.read_link(inode, target_));
    if (S_ISDIR(status.st_mode) && depth < 6) list(inode, depth);
  }

 private:
  static bool sane(int error) {
    EXPECT_TRUE(error == 0 || error == EIO || error == ENOTDIR) << error;
    return error == 0;
  }

  void read(InodeReference inode, std::uint64_t size) {
    for (const std::uint64_t offset : {std::uint64_t{0}, size / 2, size - 1, size}) {
      std::size_t got = 0;
      if (sane(image_.read(inode, offset, buffer_, got))) {
        EXPECT_LE(got, buffer_.size());
      }
    }
  }

  void list(InodeReference inode, unsigned depth) {
    std::vector<Entry> entries;
    const auto keep = [&entries](const Entry& entry) {
      entries.push_back(entry);
      return entries.size() < 200;
    };
    sane(image_.list(inode, 0, keep));
    for (const Entry& entry : entries) {
      std::optional<Entry> found;
      sane(image_.lookup(inode, entry.name, found));
      sane(image_.list(inode, entry.next, [](const Entry&) { return false; }));
      if (entry.name != "." && entry.name != "..") visit(entry.inode, depth + 1);
    }
  }

  const Image& image_;
  unsigned visits_ = 0;
  std::string target_;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(300'000);
};

// How many times as many mutations as in a short run: XAR_TEST_ROUNDS=100 for a night.
unsigned rounds() {
  const char* text = std::getenv("XAR_TEST_ROUNDS");
  return text == nullptr ? 1 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

// Makes bytes wrong: any of them; single bits; or whole fields, in the superblock as
// often as in all that follows, to what overflows or is nearly right.
void mutate(std::string& bytes, std::minstd_rand& random) {
  constexpr std::size_t kSuperblock = 96;
  const auto pick = [&](std::size_t below) {
    return static_cast<std::size_t>(random()) % below;
  };
  const std::size_t at = pick(pick(2) == 0 ? kSuperblock : bytes.size() - 8);
  switch (pick(4)) {
    case 0:
      bytes[at] = static_cast<char>(random() >> 8);
      break;
    case 1:
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << pick(8));
      break;
    case 2:
      bytes.replace(at, 4, std::string(4, pick(2) == 0 ? '\xff' : '\0'));
      break;
    default:
      bytes[at] = static_cast<char>(bytes[at] + (pick(2) == 0 ? 1 : -1));
  }
}

class CorruptImage : public testing::TestWithParam<const char*> {
 protected:
  // Visits the image with `count` different sets of wrong bytes.
  void visit_mutations(unsigned count) {
    const std::string sound = test::read_file(path_);
    const base::Fd file = base::open_file(path_, O_WRONLY);
    std::minstd_rand random(1);
    for (unsigned i = 0; i < count * rounds(); ++i) {
      SCOPED_TRACE(i);
      std::string bytes = sound;
      const unsigned mutations = 1 + static_cast<unsigned>(random() % 4);
      for (unsigned j = 0; j < mutations; ++j) {
        mutate(bytes, random);
      }
      // In place: some file systems wait for the disk where a file is emptied first.
      base::write_at(file.get(), 0, std::as_bytes(std::span(bytes)), path_);
      try {
        const Image image = Image::open(base::open_file(path_, O_RDONLY), 0, path_);
        Visitor(image).visit(image.root());
      } catch (const base::Error&) {
        continue;
      }
    }
  }

  void make(const char* options) {
    std::filesystem::create_directory(scratch_ / "tree");
    for (unsigned i = 0; i < 20; ++i) {
      const auto folder = scratch_ / "tree" / ("folder" + std::to_string(i));
      std::filesystem::create_directory(folder);
      std::filesystem::create_symlink("target", folder / "link");
      test::write_file(folder / "small", test::noise(20 * i, i));
      test::write_file(folder / "large", std::string(10'000, 'l'));
    }
    test::make_image(scratch_ / "tree", path_, options);
  }

  test::Scratch scratch_;
  std::filesystem::path path_ = scratch_ / "image";
};

TEST_P(CorruptImage, IsAnsweredWithErrorsAtWorst) {
  make(GetParam());
  visit_mutations(50);
}

INSTANTIATE_TEST_SUITE_P(Mksquashfs, CorruptImage,
                         testing::Values("-comp gzip -b 4K", "-comp xz -b 4K",
                                         "-comp lzo -b 4K", "-comp lz4 -b 4K",
                                         "-comp zstd -b 4K",
                                         // Whose wrong bytes no decompressor stops.
                                         "-b 4K -noI -noF -noD -noX"));

using CorruptCrowdedImage = CorruptImage;

// So many entries take an extended directory with an index.
TEST_P(CorruptCrowdedImage, IsAnsweredWithErrorsAtWorst) {
  test::make_crowded_image(path_, 2000, GetParam());
  visit_mutations(20);
}

INSTANTIATE_TEST_SUITE_P(Mksquashfs, CorruptCrowdedImage,
                         testing::Values("-comp zstd", "-noI"));

}  // namespace
}  // namespace xar::image
