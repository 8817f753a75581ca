// SPDX-License-Identifier: BSD-2-Clause
// What is packed comes out again, whoever reads it: unsquashfs, the kernel, 7z and
// our own mount.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cstdlib>

#include "support/compare_trees.hpp"
#include "support/loop_mount.hpp"
#include "support/odd_tree.hpp"
#include "support/scratch.hpp"
#include "xar/archive.hpp"
#include "xar/base/file.hpp"
#include "xar/mount.hpp"

namespace xar {
namespace {

namespace fs = std::filesystem;
using test::compare_trees;
using test::make_odd_tree;
using test::make_random_tree;
using test::quoted;
using ::testing::IsEmpty;

constexpr std::uint64_t kOffset = 4096;

// An archive's own mount, below a root of the test's; the destructor unmounts it.
class OwnMount {
 public:
  OwnMount(const fs::path& archive, const fs::path& root) {
    fs::create_directory(root);
    if (::chmod(root.c_str(), 01777) != 0) throw std::runtime_error("chmod");
    mount::Surroundings surroundings;
    surroundings.roots = {root};
    header::Header header;
    header.uuid = "ab";
    header.offset = kOffset;
    const base::Fd file = base::open_file(archive, O_RDONLY);
    directory_ = mount::ensure(mount::locate(header, surroundings),
                               mount::identify(archive, file.get(), header), surroundings)
                     .directory;
  }
  ~OwnMount() { ::umount2(directory_.c_str(), MNT_DETACH); }
  OwnMount(const OwnMount&) = delete;
  OwnMount& operator=(const OwnMount&) = delete;

  [[nodiscard]] fs::path directory() const { return directory_; }

 private:
  fs::path directory_;
};

class RoundTrip : public ::testing::Test {
 protected:
  fs::path source() const { return scratch_ / "source"; }
  fs::path archive() const { return scratch_ / "a.xar"; }

  void pack(const squashfs::Options& options = {}) {
    header::Header header;
    header.version = "1";
    const tree::Tree tree = tree::scan(source());
    summary_ = archive::write(archive(), header, tree, options, 022);
  }

  // Without the sockets and devices, which an ordinary user cannot make.
  std::vector<std::string> unsquashed() {
    const std::string to = scratch_ / "unsquashed";
    const test::Ran ran = test::shell("unsquashfs -q -n -no-xattrs -o 4096 -d " +
                                      quoted(to) + " " + quoted(archive()));
    if (ran.status != 0) return {"unsquashfs: " + ran.output};
    auto differences = compare_trees(source(), to);
    fs::remove_all(to);
    return differences;
  }

  std::vector<std::string> through_tar() {
    const fs::path to = scratch_ / "tar";
    fs::create_directory(to);
    const std::string image = quoted(scratch_ / "image");
    const test::Ran ran = test::shell("tail -c +4097 " + quoted(archive()) + " > " +
                                      image + " && sqfs2tar --root-becomes . " + image +
                                      " | tar -x --same-permissions -C " + quoted(to));
    if (ran.status != 0) return {"sqfs2tar: " + ran.output};
    auto differences = compare_trees(source(), to);
    fs::remove_all(to);
    return differences;
  }

  std::vector<std::string> mounted_by_kernel() {
    const test::LoopMount mount(archive(), kOffset, scratch_ / "loop");
    return compare_trees(source(), scratch_ / "loop");
  }

  std::vector<std::string> mounted_by_us() {
    const OwnMount mount(archive(), scratch_ / "root");
    return compare_trees(source(), mount.directory());
  }

  test::Scratch scratch_;
  archive::Summary summary_;
};

// One test for all readers: a tree of this size takes seconds to make.
TEST_F(RoundTrip, TheOddTreeThroughEveryReader) {
  XAR_NEEDS_FUSE();
  XAR_NEEDS_LOOP_MOUNTS();
  make_odd_tree(source(), {});
  squashfs::Options options;
  options.level = 3;
  pack(options);
  EXPECT_THAT(unsquashed(), IsEmpty());
  EXPECT_THAT(mounted_by_kernel(), IsEmpty());
  EXPECT_THAT(mounted_by_us(), IsEmpty());
}

// 7z restores no links, times or special files, so it is asked for contents only.
TEST_F(RoundTrip, Through7zByContent) {
  test::OddTree options;
  options.crowd = 300;
  options.sparse_size = 10 << 20;
  make_odd_tree(source(), options);
  pack();
  const std::string image = scratch_ / "image.squashfs";
  const std::string to = scratch_ / "7z";
  const test::Ran ran = test::shell("tail -c +4097 " + quoted(archive()) + " > " +
                                    quoted(image) + " && 7z x -y -o" + quoted(to) + " " +
                                    quoted(image) + " sizes sparse crowd depth");
  ASSERT_EQ(ran.status, 0) << ran.output;
  for (const char* part : {"sizes", "sparse", "crowd", "depth"}) {
    const test::Ran diff = test::shell("diff -r " + quoted(source() / part) + " " +
                                       quoted(fs::path(to) / part));
    EXPECT_EQ(diff.output, "") << part;
  }
}

TEST_F(RoundTrip, ThroughSqfs2tar) {
  make_odd_tree(source(), {300, 10 << 20, 128 * 1024});
  pack();
  const std::string to = scratch_ / "tar";
  fs::create_directory(to);
  const test::Ran ran = test::shell(
      "tail -c +4097 " + quoted(archive()) + " > " + quoted(scratch_ / "image") +
      " && sqfs2tar " + quoted(scratch_ / "image") +
      " 2>/dev/null | tar -x --same-permissions -C " + quoted(to));
  ASSERT_EQ(ran.status, 0) << ran.output;
  const test::Ran diff = test::shell(
      "diff -r --no-dereference -x socket -x fifo -x block -x char -x white " +
      quoted(source()) + " " + quoted(to));
  EXPECT_EQ(diff.output, "");
}

class EveryOption : public RoundTrip,
                    public ::testing::WithParamInterface<squashfs::Options> {};

TEST_P(EveryOption, IsReadAlikeByAll) {
  XAR_NEEDS_FUSE();
  XAR_NEEDS_LOOP_MOUNTS();
  make_odd_tree(source(), {1000, 20 << 20, GetParam().block_size});
  pack(GetParam());
  EXPECT_THAT(unsquashed(), IsEmpty());
  EXPECT_THAT(mounted_by_kernel(), IsEmpty());
  EXPECT_THAT(mounted_by_us(), IsEmpty());
}

squashfs::Options with(std::uint32_t block_size, int level, unsigned threads) {
  squashfs::Options options;
  options.block_size = block_size;
  options.level = level;
  options.threads = threads;
  return options;
}

INSTANTIATE_TEST_SUITE_P(RoundTrip, EveryOption,
                         ::testing::Values(with(4096, 1, 1), with(64 * 1024, 15, 3),
                                           with(1 << 20, 19, 2)),
                         [](const auto& given) {
                           return "BlockSize" + std::to_string(given.param.block_size);
                         });

TEST_F(RoundTrip, AnEmptyTree) {
  XAR_NEEDS_FUSE();
  XAR_NEEDS_LOOP_MOUNTS();
  fs::create_directory(source());
  pack();
  EXPECT_EQ(summary_.image.files, 0u);
  EXPECT_THAT(unsquashed(), IsEmpty());
  EXPECT_THAT(mounted_by_kernel(), IsEmpty());
  EXPECT_THAT(mounted_by_us(), IsEmpty());
}

// How many random trees: as many seeds, from 1 on, so that a failure can be repeated.
// More by hand: XAR_TEST_ROUNDS=1000.
std::uint64_t rounds() {
  const char* wanted = std::getenv("XAR_TEST_ROUNDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 3;
}

TEST_F(RoundTrip, RandomTrees) {
  XAR_NEEDS_FUSE();
  XAR_NEEDS_LOOP_MOUNTS();
  for (std::uint64_t seed = 1; seed <= rounds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    make_random_tree(source(), 400, 16 * 1024, random);
    pack(with(16 * 1024, 5, 2));
    EXPECT_THAT(through_tar(), IsEmpty());
    EXPECT_THAT(unsquashed(), IsEmpty());
    EXPECT_THAT(mounted_by_kernel(), IsEmpty());
    EXPECT_THAT(mounted_by_us(), IsEmpty());
    fs::remove_all(source());
    fs::remove_all(scratch_ / "root");
  }
}

TEST_F(RoundTrip, SameBytesWhateverTheNumberOfThreads) {
  make_odd_tree(source(), {2000, 20 << 20, 128 * 1024});
  pack(with(128 * 1024, 5, 1));
  const std::string one = test::read_file(archive());
  for (const unsigned threads : {2u, 3u, 8u}) {
    pack(with(128 * 1024, 5, threads));
    EXPECT_TRUE(test::read_file(archive()) == one) << threads << " threads";
  }
}

}  // namespace
}  // namespace xar
