// SPDX-License-Identifier: BSD-2-Clause
// What is packed comes out again, whoever reads it: unsquashfs, the kernel, 7z and
// our own mount.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>

#include "support/compare_trees.hpp"
#include "support/loop_mount.hpp"
#include "support/odd_tree.hpp"
#include "support/scratch.hpp"
#include "support/xattrs.hpp"
#include "xar/archive.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/mount/launch.hpp"
#include "xar/mount/mount_at.hpp"

namespace xar {
namespace {

namespace fs = std::filesystem;
using test::compare_trees;
using test::compare_xattrs;
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
    mount::MountContext context;
    context.roots = {root};
    header::Header header;
    header.uuid = "ab";
    header.offset = kOffset;
    const base::Fd file = base::open_file(archive, O_RDONLY);
    directory_ = mount::ensure(mount::locate(header, context).front(),
                               mount::identify(archive, file.get(), header), context)
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
    const test::Ran ran = test::shell("unsquashfs -q -n -o 4096 -d " + quoted(to) + " " +
                                      quoted(archive()));
    if (ran.status != 0) return {"unsquashfs: " + ran.output};
    return compare_and_remove(to);
  }

  std::vector<std::string> through_tar() {
    const fs::path to = scratch_ / "tar";
    fs::create_directory(to);
    const std::string image = quoted(scratch_ / "image");
    const test::Ran ran = test::shell("tail -c +4097 " + quoted(archive()) + " > " +
                                      image + " && sqfs2tar --root-becomes . " + image +
                                      " | tar -x --same-permissions --xattrs"
                                      " '--xattrs-include=*' -C " +
                                      quoted(to));
    if (ran.status != 0) return {"sqfs2tar: " + ran.output};
    return compare_and_remove(to);
  }

  // Which prints what it does, and does not know of hard links.
  std::vector<std::string> through_rdsquashfs() {
    const fs::path to = scratch_ / "rdsquashfs";
    const std::string image = quoted(scratch_ / "image");
    const test::Ran ran = test::shell(
        "tail -c +4097 " + quoted(archive()) + " > " + image +
        " && rdsquashfs --quiet --chmod --set-times --set-xattr --unpack-path / "
        "--unpack-root " +
        quoted(to) + " " + image);
    if (ran.status != 0) return {"rdsquashfs: " + ran.output};
    auto differences = compare_contents(to);
    if (differences.empty()) differences = compare_xattrs(source(), to);
    fs::remove_all(to);
    return differences;
  }

  // Which keeps no permissions, times, attributes and special files.
  std::vector<std::string> through_7z() {
    const fs::path to = scratch_ / "7z";
    const std::string image = quoted(scratch_ / "image.squashfs");
    const test::Ran ran =
        test::shell("tail -c +4097 " + quoted(archive()) + " > " + image +
                    " && 7z x -y -o" + quoted(to) + " " + image);
    if (ran.status != 0) return {"7z: " + ran.output};
    auto differences = compare_contents(to);
    fs::remove_all(to);
    return differences;
  }

  std::vector<std::string> compare_and_remove(const fs::path& to) {
    auto differences = compare_trees(source(), to);
    if (differences.empty()) differences = compare_xattrs(source(), to);
    fs::remove_all(to);
    return differences;
  }

  // Names, sizes and content of files and directories alone.
  std::vector<std::string> compare_contents(const fs::path& actual) {
    std::vector<std::string> differences;
    for (const auto& entry : fs::recursive_directory_iterator(source())) {
      const fs::path name = entry.path().lexically_relative(source());
      const auto type = entry.symlink_status().type();
      if (type == fs::file_type::directory && !fs::is_directory(actual / name)) {
        differences.push_back(name.native() + " is no directory");
      }
      if (type == fs::file_type::regular &&
          test::read_file(entry.path()) != test::read_file(actual / name)) {
        differences.push_back(name.native() + " has other content");
      }
    }
    for (const auto& entry : fs::recursive_directory_iterator(actual)) {
      const fs::path name = entry.path().lexically_relative(actual);
      if (!fs::exists(fs::symlink_status(source() / name))) {
        differences.push_back(name.native() + " is not in the source");
      }
    }
    return differences;
  }

  std::vector<std::string> mounted_by_kernel() {
    const test::LoopMount mount(archive(), kOffset, scratch_ / "loop");
    auto differences = compare_trees(source(), scratch_ / "loop");
    if (differences.empty()) differences = compare_xattrs(source(), scratch_ / "loop");
    return differences;
  }

  std::vector<std::string> mounted_by_us() {
    const OwnMount mount(archive(), scratch_ / "root");
    auto differences = compare_trees(source(), mount.directory());
    if (differences.empty()) differences = compare_xattrs(source(), mount.directory());
    return differences;
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

constexpr std::uint64_t kEdge = std::uint64_t{4} << 30;
constexpr std::uint64_t kLargeSize = kEdge + 3 * 128 * 1024 + 77;

// Where the large file has something: at both ends, before, across and behind the edge.
constexpr std::array<std::uint64_t, 5> kPlaces = {0, kEdge - 200'000, kEdge - 3,
                                                  kEdge + 150'000, kLargeSize - 6};

void write_large_file(const fs::path& path) {
  const base::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  ASSERT_EQ(::ftruncate(file.get(), kLargeSize), 0);
  for (const std::uint64_t place : kPlaces) {
    const std::string data = std::to_string(place % 1'000'000 + 100'000).substr(0, 6);
    ASSERT_EQ(::pwrite(file.get(), data.data(), 6, static_cast<off_t>(place)), 6);
  }
}

// Of what lies around the places, all; of the holes, samples.
void expect_large_file(const fs::path& path) {
  SCOPED_TRACE(path);
  const base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  ASSERT_EQ(::fstat(file.get(), &status), 0);
  EXPECT_EQ(status.st_size, static_cast<off_t>(kLargeSize));
  const auto read = [&](std::uint64_t at) {
    std::string data(6, '?');
    EXPECT_EQ(::pread(file.get(), data.data(), 6, static_cast<off_t>(at)), 6) << at;
    return data;
  };
  const std::string zeros(6, '\0');
  for (const std::uint64_t place : kPlaces) {
    EXPECT_EQ(read(place), std::to_string(place % 1'000'000 + 100'000).substr(0, 6));
    if (place > 0) {
      EXPECT_EQ(read(place - 6), zeros) << place;
    }
    if (place + 12 <= kLargeSize) {
      EXPECT_EQ(read(place + 6), zeros) << place;
    }
  }
  for (std::uint64_t at = 1 << 20; at < kEdge - (1 << 20); at += kEdge / 37) {
    EXPECT_EQ(read(at), zeros) << at;
  }
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
  EXPECT_EQ(summary_.image.entries, base::EntryCounts{});
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
    make_random_tree(source(), 250, 16 * 1024, random);
    test::add_random_xattrs(source(), random);
    pack(with(16 * 1024, 5, 2));
    EXPECT_THAT(through_tar(), IsEmpty());
    EXPECT_THAT(through_rdsquashfs(), IsEmpty());
    EXPECT_THAT(through_7z(), IsEmpty());
    EXPECT_THAT(unsquashed(), IsEmpty());
    EXPECT_THAT(mounted_by_kernel(), IsEmpty());
    EXPECT_THAT(mounted_by_us(), IsEmpty());
    fs::remove_all(source());
    fs::remove_all(scratch_ / "root");
  }
}

// Positions and sizes beyond 32 bits. Almost all of it is a hole, of which no reader
// reads more than is asked for.
TEST_F(RoundTrip, AFileOfMoreThan4GiB) {
  XAR_NEEDS_FUSE();
  XAR_NEEDS_LOOP_MOUNTS();
  fs::create_directory(source());
  write_large_file(source() / "large");
  pack();
  EXPECT_EQ(summary_.image.content_bytes, kLargeSize);
  {
    const test::LoopMount mount(archive(), kOffset, scratch_ / "loop");
    expect_large_file(scratch_ / "loop/large");
  }
  {
    const OwnMount mount(archive(), scratch_ / "root");
    expect_large_file(mount.directory() / "large");
  }
  const test::Ran ran =
      test::shell("unsquashfs -q -n -o 4096 -d " + quoted(scratch_ / "unsquashed") + " " +
                  quoted(archive()));
  ASSERT_EQ(ran.status, 0) << ran.output;
  expect_large_file(scratch_ / "unsquashed/large");
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

// A build may be cancelled whenever it tells of its progress: before the content, at each
// block, and while tables are written.
TEST(Cancelled, BuildLeavesNothingInAnyPhase) {
  const test::Scratch scratch;
  for (int i = 0; i < 5; ++i) {
    std::filesystem::create_directories(scratch / "tree" / std::to_string(i));
    test::write_file(scratch / "tree" / std::to_string(i) / "file",
                     std::string(5000 + i, 'x'));
  }
  const tree::Tree tree = tree::scan(scratch / "tree");
  header::Header header;
  header.version = "1";
  const auto calls_until = [&](int last) {
    int calls = 0;
    squashfs::Options options;
    options.block_size = 4096;
    options.threads = 1;
    options.on_progress = [&](const squashfs::Progress&) {
      if (++calls == last) throw base::Error("enough");
    };
    archive::write(scratch / "out.xar", header, tree, options, 022);
    return calls;
  };
  const int all = calls_until(0);
  EXPECT_GT(all, 20);
  std::filesystem::remove(scratch / "out.xar");
  for (int last = 1; last <= all; ++last) {
    EXPECT_THROW(calls_until(last), base::Error) << last;
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1);
  }
}

}  // namespace
}  // namespace xar
