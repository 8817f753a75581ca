// SPDX-License-Identifier: BSD-2-Clause
// Eight processes that read a mount at once, each in an order of its own, get what
// others unpack, whatever has made and compressed the image.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "integration/fuse/mounted.hpp"
#include "support/odd_tree.hpp"
#include "support/scratch.hpp"
#include "xar/squashfs.hpp"
#include "xar/tree.hpp"

namespace xar::fuse {
namespace {

namespace fs = std::filesystem;
using test::quoted;

struct Made {
  const char* maker;
  const char* compression;
};

void make(const Made& made, const fs::path& tree, const fs::path& image) {
  const std::string maker = made.maker;
  const std::string compression = made.compression;
  if (maker == "xarbuild") {
    const base::Fd fd = base::open_file(image, O_RDWR | O_CREAT, 0644);
    squashfs::Options options;
    options.block_size = 16 * 1024;
    squashfs::write_image(fd.get(), 0, image, tree::scan(tree), options);
    return;
  }
  const std::string command = maker == "mksquashfs"
                                  ? "mksquashfs " + quoted(tree) + " " + quoted(image) +
                                        " -quiet -no-progress -b 16K -comp " + compression
                                  : "gensquashfs -q --block-size 16K --pack-dir " +
                                        quoted(tree) + " -c " + compression + " " +
                                        quoted(image);
  const test::Ran ran = test::shell(command);
  if (ran.status != 0) throw std::runtime_error(command + ": " + ran.output);
}

void unpack(const Made& made, const fs::path& image, const fs::path& to) {
  // Which unsquashfs 4.5 does not read and the kernel does.
  const bool is_unread =
      made.maker == std::string("gensquashfs") && made.compression == std::string("lz4");
  const std::string command =
      is_unread ? "rdsquashfs --quiet --unpack-path / --unpack-root " + quoted(to)
                : "unsquashfs -quiet -no-progress -d " + quoted(to);
  const test::Ran ran = test::shell(command + " " + quoted(image));
  if (ran.status != 0) throw std::runtime_error(command + ": " + ran.output);
}

class Crowd : public testing::TestWithParam<Made> {};

TEST_P(Crowd, OfEightProcessesReadsWhatOthersUnpack) {
  XAR_NEEDS_FUSE();
  const test::Scratch scratch;
  std::mt19937_64 random(8);
  test::make_random_tree(scratch / "tree", 100, 16 * 1024, random);
  make(GetParam(), scratch / "tree", scratch / "image");
  unpack(GetParam(), scratch / "image", scratch / "unpacked");

  test::Mounted mounted(scratch / "image", scratch / "mnt");
  const test::Ran ran = test::shell(
      "cd " + quoted(scratch.path()) +
      " && sums() { (cd $1 && find . -type f -print0 | sort -zR | xargs -0 sha256sum) |"
      " sort -k 2 >$2; }; sums unpacked expected; test -s expected || exit 9;"
      " for n in 1 2 3 4 5 6 7 8; do sums mnt read-$n & done; wait;"
      " for n in 1 2 3 4 5 6 7 8; do cmp expected read-$n || exit 1; done");
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_EQ(ran.output, "");
  EXPECT_TRUE(mounted.serving());
  // A sanitizer's report is the server's end, or its status.
  EXPECT_TRUE(mounted.unmount());
  EXPECT_EQ(mounted.ended(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Images, Crowd,
    testing::Values(Made{"mksquashfs", "gzip"}, Made{"mksquashfs", "xz"},
                    Made{"mksquashfs", "lz4"}, Made{"mksquashfs", "lzo"},
                    Made{"mksquashfs", "zstd"}, Made{"gensquashfs", "gzip"},
                    Made{"gensquashfs", "xz"}, Made{"gensquashfs", "lz4"},
                    Made{"gensquashfs", "lzo"}, Made{"gensquashfs", "zstd"},
                    Made{"xarbuild", "zstd"}),
    [](const auto& given) {
      return std::string(given.param.maker) + "_" + given.param.compression;
    });

}  // namespace
}  // namespace xar::fuse
