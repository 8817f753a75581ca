// SPDX-License-Identifier: BSD-2-Clause
// The server as programs meet it: through system calls on a mounted image.
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "integration/fuse/mounted.hpp"
#include "support/same_tree.hpp"
#include "support/sample_image.hpp"
#include "support/scratch.hpp"
#include "support/xattrs.hpp"
#include "xar/base/error.hpp"
#include "xar/squashfs.hpp"
#include "xar/tree.hpp"

namespace xar::fuse {
namespace {

namespace fs = std::filesystem;
using test::expect_same_tree;
using test::Mounted;

// A sample tree and its image; each test mounts it as it needs.
class Serve : public testing::Test {
 protected:
  void SetUp() override {
    XAR_NEEDS_FUSE();
    test::make_sample_tree(tree_);
    test::make_image(tree_, image_, "-comp zstd");
  }

  test::Scratch scratch_;
  fs::path tree_ = scratch_ / "tree";
  fs::path image_ = scratch_ / "image";
  fs::path mountpoint_ = scratch_ / "mnt";
};

TEST_F(Serve, ShowsTheTreeAsItIs) {
  const Mounted mounted(image_, mountpoint_);
  expect_same_tree(tree_, mounted.path());
}

TEST_F(Serve, ShowsTheTreeOnOneThread) {
  const Mounted mounted(image_, mountpoint_, {.only_owner_and_root = true, .threads = 1});
  expect_same_tree(tree_, mounted.path());
}

TEST_F(Serve, IsNotAskedAgainWhatItHasSaid) {
  const Mounted mounted(image_, mountpoint_);
  const auto missing = mounted.path() / "missing";
  expect_same_tree(tree_, mounted.path());
  EXPECT_FALSE(fs::exists(missing));
  const std::uint64_t cold = mounted.requests();
  EXPECT_GT(cold, 0u);
  expect_same_tree(tree_, mounted.path());
  EXPECT_FALSE(fs::exists(missing));
  // Where memory is short the kernel may forget a little.
  EXPECT_LE(mounted.requests() - cold, cold / 16);
}

TEST_F(Serve, ShowsOneNumberPerInodeInStatAndReaddir) {
  const Mounted mounted(image_, mountpoint_);
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(
      ::opendir((mounted.path() / "special").c_str()), ::closedir);
  ASSERT_TRUE(dir);
  while (const dirent* entry = ::readdir(dir.get())) {
    if (entry->d_name == std::string("..")) continue;
    struct stat status {};
    ASSERT_EQ(::fstatat(::dirfd(dir.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW),
              0);
    EXPECT_EQ(status.st_ino, entry->d_ino) << entry->d_name;
    EXPECT_EQ(status.st_mode & S_IFMT, DTTOIF(entry->d_type)) << entry->d_name;
  }
}

// Tries to change the tree in every way and expects the same answer.
void expect_read_only(const fs::path& root) {
  const fs::path file = root / "small1";
  EXPECT_EQ(::open(file.c_str(), O_WRONLY | O_CLOEXEC), -1);
  EXPECT_EQ(errno, EROFS);
  EXPECT_EQ(::mkdir((root / "new").c_str(), 0755), -1);
  EXPECT_EQ(errno, EROFS);
  EXPECT_EQ(::unlink(file.c_str()), -1);
  EXPECT_EQ(errno, EROFS);
  EXPECT_EQ(::chmod(file.c_str(), 0600), -1);
  EXPECT_EQ(errno, EROFS);
  EXPECT_EQ(::rename(file.c_str(), (root / "new").c_str()), -1);
  EXPECT_EQ(errno, EROFS);
  EXPECT_EQ(::truncate(file.c_str(), 1), -1);
  EXPECT_EQ(errno, EROFS);
}

TEST_F(Serve, RefusesChanges) {
  const Mounted mounted(image_, mountpoint_);
  expect_read_only(mounted.path());
}

TEST_F(Serve, RefusesChangesThroughAMountThatIsNotReadOnly) {
  const Mounted mounted(image_, mountpoint_, {}, MS_NOSUID | MS_NODEV);
  const fs::path file = mounted.path() / "small1";
  EXPECT_EQ(::mkdir((mounted.path() / "new").c_str(), 0755), -1);
  EXPECT_EQ(errno, EROFS);
  EXPECT_EQ(::unlink(file.c_str()), -1);
  EXPECT_EQ(errno, EROFS);
  EXPECT_EQ(::truncate(file.c_str(), 1), -1);
  EXPECT_EQ(errno, EROFS);
  expect_same_tree(tree_, mounted.path());
}

// Whoever lists a directory in long form asks this of every file.
TEST_F(Serve, IsAskedOnceForXattrsWhereThereAreNone) {
  const Mounted mounted(image_, mountpoint_);
  expect_same_tree(tree_, mounted.path());
  const std::uint64_t before = mounted.requests();
  for (const std::string& name : test::names_in(mounted.path())) {
    char value[16];
    const fs::path path = mounted.path() / name;
    EXPECT_EQ(::lgetxattr(path.c_str(), "user.any", value, sizeof value), -1);
    EXPECT_EQ(errno, EOPNOTSUPP);
    EXPECT_EQ(::llistxattr(path.c_str(), value, sizeof value), -1);
    EXPECT_EQ(errno, EOPNOTSUPP);
  }
  EXPECT_LE(mounted.requests() - before, 2u);
}

TEST_F(Serve, ShowsXattrsWhereThereAreSome) {
  XAR_NEEDS_ROOT();
  const fs::path tree = scratch_ / "xattrs";
  test::make_xattr_tree(tree);
  test::make_image(tree, scratch_ / "xattr-image", "-comp zstd");
  const Mounted mounted(scratch_ / "xattr-image", mountpoint_);
  for (const std::string& name : test::names_in(tree)) {
    EXPECT_EQ(test::xattrs_of(mounted.path() / name), test::xattrs_of(tree / name));
  }
  char value[4];
  const fs::path many = mounted.path() / "many";
  EXPECT_EQ(::getxattr(many.c_str(), "user.missing", value, sizeof value), -1);
  EXPECT_EQ(errno, ENODATA);
  EXPECT_EQ(::getxattr(many.c_str(), "user.number 1", value, sizeof value), -1);
  EXPECT_EQ(errno, ERANGE);
  EXPECT_EQ(::listxattr(many.c_str(), value, sizeof value), -1);
  EXPECT_EQ(errno, ERANGE);
}

TEST_F(Serve, TellsItsSize) {
  const Mounted mounted(image_, mountpoint_);
  struct statvfs statistics {};
  ASSERT_EQ(::statvfs(mounted.path().c_str(), &statistics), 0);
  EXPECT_EQ(statistics.f_bsize, 131072u);
  EXPECT_GT(statistics.f_blocks, 0u);
  EXPECT_EQ(statistics.f_bfree, 0u);
  EXPECT_GT(statistics.f_files, 70u);
  EXPECT_NE(statistics.f_flag & ST_RDONLY, 0u);
}

TEST_F(Serve, FilesCanBeMapped) {
  const Mounted mounted(image_, mountpoint_);
  const std::string text = test::read_file(tree_ / "sizes/393233.noise");
  const base::Fd fd = base::open_file(mounted.path() / "sizes/393233.noise", O_RDONLY);
  void* memory = ::mmap(nullptr, text.size(), PROT_READ, MAP_PRIVATE, fd.get(), 0);
  ASSERT_NE(memory, MAP_FAILED);
  EXPECT_TRUE(text == std::string_view(static_cast<const char*>(memory), text.size()));
  ::munmap(memory, text.size());
}

TEST_F(Serve, FilesCanBeSent) {
  const Mounted mounted(image_, mountpoint_);
  const fs::path copy = scratch_ / "copy";
  const base::Fd from = base::open_file(mounted.path() / "sparse", O_RDONLY);
  const base::Fd to = base::open_file(copy, O_WRONLY | O_CREAT, 0600);
  while (::sendfile(to.get(), from.get(), nullptr, 1 << 20) > 0) {
  }
  EXPECT_TRUE(test::read_file(copy) == test::read_file(tree_ / "sparse"));
}

TEST_F(Serve, FilesCanBeReadWithoutTheCache) {
  const Mounted mounted(image_, mountpoint_);
  const std::string text = test::read_file(tree_ / "sizes/393233.noise");
  const base::Fd fd =
      base::open_file(mounted.path() / "sizes/393233.noise", O_RDONLY | O_DIRECT);
  constexpr std::size_t kAligned = 4096;
  alignas(kAligned) static char buffer[64 * 1024];
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t got = ::pread(fd.get(), buffer, sizeof buffer, static_cast<off_t>(at));
    ASSERT_GT(got, 0);
    EXPECT_TRUE(text.substr(at, static_cast<std::size_t>(got)) ==
                std::string_view(buffer, static_cast<std::size_t>(got)));
    at += static_cast<std::size_t>(got);
  }
}

TEST_F(Serve, ShowsTheImagesNumbersAndLinks) {
  const Mounted mounted(image_, mountpoint_);
  const auto image = image::Image::open(base::open_file(image_, O_RDONLY), 0, image_);
  for (const std::string& name : test::names_in(mounted.path())) {
    std::optional<image::Entry> entry;
    struct stat in_image {};
    struct stat shown {};
    ASSERT_EQ(image.lookup(image.root(), name, entry), 0);
    ASSERT_TRUE(entry);
    ASSERT_EQ(image.attributes(entry->inode, in_image), 0);
    ASSERT_EQ(::lstat((mounted.path() / name).c_str(), &shown), 0);
    EXPECT_EQ(shown.st_ino, entry->number) << name;
    EXPECT_EQ(shown.st_nlink, in_image.st_nlink) << name;
  }
}

TEST(ServeLongFiles, AreReadBeyondWhat32BitsCount) {
  XAR_NEEDS_FUSE();
  const test::Scratch scratch;
  fs::create_directory(scratch / "tree");
  constexpr off_t kSize = (5LL << 30) + 3;
  {
    const base::Fd fd = base::open_file(scratch / "tree/long", O_WRONLY | O_CREAT, 0644);
    ASSERT_EQ(::pwrite(fd.get(), "middle", 6, (4LL << 30) - 3), 6);
    ASSERT_EQ(::pwrite(fd.get(), "end", 3, kSize - 3), 3);
  }
  {  // By our writer, because it passes over holes unread.
    const base::Fd fd = base::open_file(scratch / "image", O_RDWR | O_CREAT, 0644);
    squashfs::write_image(fd.get(), 0, scratch / "image", tree::scan(scratch / "tree"),
                          {});
  }
  const Mounted mounted(scratch / "image", scratch / "mnt");
  struct stat status {};
  ASSERT_EQ(::stat((mounted.path() / "long").c_str(), &status), 0);
  EXPECT_EQ(status.st_size, kSize);
  EXPECT_LT(status.st_blocks, 10'000);
  const base::Fd fd = base::open_file(mounted.path() / "long", O_RDONLY);
  std::string text(8, '?');
  EXPECT_EQ(::pread(fd.get(), text.data(), 8, (4LL << 30) - 4), 8);
  EXPECT_EQ(text, std::string("\0middle\0", 8));
  EXPECT_EQ(::pread(fd.get(), text.data(), 8, kSize - 4), 4);
  EXPECT_EQ(text.substr(0, 4), std::string("\0end", 4));
}

TEST_F(Serve, EndsWhenItIsUnmounted) {
  Mounted mounted(image_, mountpoint_);
  expect_same_tree(tree_, mounted.path());
  ASSERT_TRUE(mounted.unmount());
  EXPECT_EQ(mounted.ended(), 0);
}

TEST_F(Serve, EndsOnOneThreadToo) {
  Mounted mounted(image_, mountpoint_, {.threads = 1});
  ASSERT_TRUE(fs::exists(mounted.path() / "small1"));
  ASSERT_TRUE(mounted.unmount());
  EXPECT_EQ(mounted.ended(), 0);
}

TEST_F(Serve, AnOpenFileKeepsItServing) {
  Mounted mounted(image_, mountpoint_);
  base::Fd fd = base::open_file(mounted.path() / "sizes/393233.noise", O_RDONLY);
  EXPECT_FALSE(mounted.unmount());
  EXPECT_EQ(errno, EBUSY);
  ASSERT_EQ(::umount2(mounted.path().c_str(), MNT_DETACH), 0);
  EXPECT_TRUE(mounted.serving());
  std::string text(393233, '\0');
  const auto out = std::as_writable_bytes(std::span(text.data(), text.size()));
  EXPECT_EQ(base::read_at(fd.get(), 0, out, "file"), text.size());
  EXPECT_TRUE(text == test::read_file(tree_ / "sizes/393233.noise"));
  fd.reset();
  EXPECT_EQ(mounted.ended(), 0);
}

TEST_F(Serve, AnswersWithAnErrorWhereTheImageHasBeenCutShort) {
  const Mounted mounted(image_, mountpoint_);
  const base::Fd fd = base::open_file(mounted.path() / "sizes/393233.noise", O_RDONLY);
  fs::resize_file(image_, 200);
  char byte = 0;
  EXPECT_EQ(::pread(fd.get(), &byte, 1, 200'000), -1);
  EXPECT_EQ(errno, EIO);
}

TEST_F(Serve, GoesOnAloneWhereNoThreadsAreToBeHad) {
  Options options;
  // Root may always have more, so that the server is somebody else from here on.
  options.after_first_answer = [] {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_NPROC, &none);
    static_cast<void>(::setresuid(65534, 65534, 65534));
  };
  Mounted mounted(image_, mountpoint_, options);
  mounted.settle();
  expect_same_tree(tree_, mounted.path());
  ASSERT_TRUE(mounted.unmount());
  EXPECT_EQ(mounted.ended(), 0);
}

TEST(ServeErrors, SaysThatADeviceIsNotMounted) {
  XAR_NEEDS_FUSE();
  const test::Scratch scratch;
  fs::create_directory(scratch / "tree");
  test::make_image(scratch / "tree", scratch / "image", "");
  auto image = image::Image::open(base::open_file(scratch / "image", O_RDONLY), 0,
                                  scratch / "image");
  Activity activity;
  Server server(image, {}, activity);
  EXPECT_THROW(server.serve(base::open_file("/dev/fuse", O_RDWR)), base::Error);
}

}  // namespace
}  // namespace xar::fuse
