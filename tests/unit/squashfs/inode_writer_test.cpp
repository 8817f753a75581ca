// SPDX-License-Identifier: BSD-2-Clause
// When an inode needs the extended form, and the bytes of each.
#include "squashfs/inode_writer.hpp"

#include <gtest/gtest.h>
#include <sys/sysmacros.h>

#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

constexpr std::size_t kHeadSize = 16;

template <typename T>
T at(const base::Bytes& bytes, std::size_t position) {
  return base::load_le<T>(base::ByteView(bytes).subspan(position));
}

std::uint16_t type_of(const base::Bytes& inode) {
  return at<std::uint16_t>(inode, 0);
}

FileLayout layout_of(std::uint64_t size, std::uint64_t start, std::uint64_t sparse = 0) {
  FileLayout layout;
  layout.size = size;
  layout.start_block = start;
  layout.sparse = sparse;
  return layout;
}

base::Bytes file_inode(const FileLayout& layout, std::uint32_t links = 1,
                       const InodeHead& head = {}) {
  tree::Inode inode;
  inode.type = tree::Type::kRegular;
  inode.links = links;
  base::Bytes out;
  append_file_inode(out, inode, head, layout);
  return out;
}

base::Bytes directory_inode(const Listing& listing, const InodeHead& head = {},
                            const tree::Inode& inode = {}) {
  base::Bytes out;
  append_directory_inode(out, inode, head, listing, 77);
  return out;
}

base::Bytes special_inode(const tree::Inode& inode, const InodeHead& head = {}) {
  base::Bytes out;
  append_special_inode(out, inode, head);
  return out;
}

TEST(InodeWriter, HeadIsSpelledAsTheFormatSays) {
  tree::Inode inode;
  inode.type = tree::Type::kFifo;
  inode.permissions = 07751;
  inode.mtime = 0xFFFFFFFF;
  const base::Bytes out = special_inode(inode, {0x01020304, 5, 6});
  constexpr std::string_view kExpected(
      "\x06\x00\xE9\x0F\x05\x00\x06\x00\xFF\xFF\xFF\xFF\x04\x03\x02\x01"
      "\x01\x00\x00\x00",
      20);
  EXPECT_EQ(base::as_text(out), kExpected);
}

TEST(InodeWriter, OrdinaryFileIsBasic) {
  const base::Bytes out = file_inode({1000, 96, 0, {500, 0, 7}, 3, 40});
  EXPECT_EQ(type_of(out), 2U);
  ASSERT_EQ(out.size(), 32U + 3 * 4);
  EXPECT_EQ(at<std::uint32_t>(out, kHeadSize), 96U);
  EXPECT_EQ(at<std::uint32_t>(out, kHeadSize + 4), 3U);
  EXPECT_EQ(at<std::uint32_t>(out, kHeadSize + 8), 40U);
  EXPECT_EQ(at<std::uint32_t>(out, kHeadSize + 12), 1000U);
  EXPECT_EQ(at<std::uint32_t>(out, 32), 500U);
  EXPECT_EQ(at<std::uint32_t>(out, 36), 0U);
  EXPECT_EQ(at<std::uint32_t>(out, 40), 7U);
}

TEST(InodeWriter, FileIsExtendedFromWhereTheBasicFormEnds) {
  constexpr std::uint64_t kFourGiB = std::uint64_t{1} << 32;
  EXPECT_EQ(type_of(file_inode(layout_of(kFourGiB - 1, 96))), 2U);
  EXPECT_EQ(type_of(file_inode(layout_of(kFourGiB, 96))), 9U);
  EXPECT_EQ(type_of(file_inode(layout_of(1, kFourGiB - 1))), 2U);
  EXPECT_EQ(type_of(file_inode(layout_of(1, kFourGiB))), 9U);
  EXPECT_EQ(type_of(file_inode(layout_of(4096, 96, 4096))), 9U);
  EXPECT_EQ(type_of(file_inode(layout_of(1, 96), 2)), 9U);
  EXPECT_EQ(type_of(file_inode(layout_of(1, 96), 1, {1, 0, 0, 0})), 9U);
}

TEST(InodeWriter, ExtendedFileHasAllThatIsLarge) {
  constexpr std::uint64_t kStart = 0x123456789A;
  constexpr std::uint64_t kSize = 0xABCDEF0123;
  const base::Bytes out = file_inode({kSize, kStart, 4096, {9}, 3, 40}, 5, {1, 0, 0, 8});
  ASSERT_EQ(out.size(), 56U + 4);
  EXPECT_EQ(at<std::uint64_t>(out, 16), kStart);
  EXPECT_EQ(at<std::uint64_t>(out, 24), kSize);
  EXPECT_EQ(at<std::uint64_t>(out, 32), 4096U);
  EXPECT_EQ(at<std::uint32_t>(out, 40), 5U);
  EXPECT_EQ(at<std::uint32_t>(out, 44), 3U);
  EXPECT_EQ(at<std::uint32_t>(out, 48), 40U);
  EXPECT_EQ(at<std::uint32_t>(out, 52), 8U);
  EXPECT_EQ(at<std::uint32_t>(out, 56), 9U);
}

TEST(InodeWriter, DirectoryIsBasicUpToTheSizeThatFits) {
  const base::Bytes largest = directory_inode({{0x11223344, 0x55}, 65535 - 3, {}});
  EXPECT_EQ(type_of(largest), 1U);
  ASSERT_EQ(largest.size(), 32U);
  EXPECT_EQ(at<std::uint32_t>(largest, 16), 0x11223344U);
  EXPECT_EQ(at<std::uint32_t>(largest, 20), 2U);
  EXPECT_EQ(at<std::uint16_t>(largest, 24), 65535U);
  EXPECT_EQ(at<std::uint16_t>(largest, 26), 0x55U);
  EXPECT_EQ(at<std::uint32_t>(largest, 28), 77U);
  EXPECT_EQ(type_of(directory_inode({{}, 65535 - 2, {}})), 8U);
}

TEST(InodeWriter, DirectoryWithAnIndexOrAttributesIsExtended) {
  const base::Bytes indexed =
      directory_inode({{0x11223344, 0x55}, 1000, {{1, 2, "ab"}, {3, 4, "c"}}});
  EXPECT_EQ(type_of(indexed), 8U);
  ASSERT_EQ(indexed.size(), 40U + 2 * 12 + 3);
  EXPECT_EQ(at<std::uint32_t>(indexed, 16), 2U);
  EXPECT_EQ(at<std::uint32_t>(indexed, 20), 1003U);
  EXPECT_EQ(at<std::uint32_t>(indexed, 24), 0x11223344U);
  EXPECT_EQ(at<std::uint32_t>(indexed, 28), 77U);
  EXPECT_EQ(at<std::uint16_t>(indexed, 32), 2U);
  EXPECT_EQ(at<std::uint16_t>(indexed, 34), 0x55U);
  EXPECT_EQ(at<std::uint32_t>(indexed, 36), UINT32_MAX);
  EXPECT_EQ(at<std::uint32_t>(indexed, 40), 1U);
  EXPECT_EQ(at<std::uint32_t>(indexed, 44), 2U);
  EXPECT_EQ(at<std::uint32_t>(indexed, 48), 1U);
  EXPECT_EQ(base::as_text(base::ByteView(indexed).subspan(52, 2)), "ab");
  EXPECT_EQ(type_of(directory_inode({}, {1, 0, 0, 0})), 8U);
}

TEST(InodeWriter, DirectoryWithTooManyEntriesIsRefused) {
  EXPECT_NO_THROW(directory_inode({{}, UINT32_MAX - 3, {}}));
  EXPECT_THROW(directory_inode({{}, UINT32_MAX - 2, {}}), base::Error);
  EXPECT_THROW(directory_inode({{}, UINT64_MAX - 3, {}}), base::Error);
}

TEST(InodeWriter, DirectoryHasALinkForEachSubdirectory) {
  tree::Inode parent;
  for (const tree::Type type : {tree::Type::kDirectory, tree::Type::kRegular,
                                tree::Type::kDirectory, tree::Type::kSymlink}) {
    auto child = std::make_shared<tree::Inode>();
    child->type = type;
    parent.entries.push_back({"name", child});
  }
  EXPECT_EQ(at<std::uint32_t>(directory_inode({}, {}, parent), 20), 4U);
}

TEST(InodeWriter, SymlinkHasItsTargetWithoutAnEnd) {
  tree::Inode link;
  link.type = tree::Type::kSymlink;
  link.target = "to/there";
  const base::Bytes basic = special_inode(link);
  EXPECT_EQ(type_of(basic), 3U);
  ASSERT_EQ(basic.size(), 24U + 8);
  EXPECT_EQ(at<std::uint32_t>(basic, 20), 8U);
  EXPECT_EQ(base::as_text(base::ByteView(basic).subspan(24)), "to/there");

  const base::Bytes extended = special_inode(link, {1, 0, 0, 6});
  EXPECT_EQ(type_of(extended), 10U);
  ASSERT_EQ(extended.size(), basic.size() + 4);
  EXPECT_EQ(at<std::uint32_t>(extended, basic.size()), 6U);
}

TEST(InodeWriter, DeviceNumbersArePackedAsTheKernelPacksThem) {
  tree::Inode device;
  device.type = tree::Type::kBlockDevice;
  for (const auto& [major, minor, packed] :
       {std::array{8U, 1U, 0x801U}, std::array{0xFFFU, 0xFFFFFU, 0xFFFFFFFFU},
        std::array{0x12U, 0x345U, 0x301245U}}) {
    device.device = makedev(major, minor);
    const base::Bytes out = special_inode(device);
    EXPECT_EQ(type_of(out), 4U);
    EXPECT_EQ(at<std::uint32_t>(out, 20), packed);
  }
  device.type = tree::Type::kCharDevice;
  EXPECT_EQ(type_of(special_inode(device)), 5U);
  EXPECT_EQ(type_of(special_inode(device, {1, 0, 0, 0})), 12U);
}

TEST(InodeWriter, PipesAndSocketsHaveNothingOfTheirOwn) {
  tree::Inode inode;
  for (const auto& [type, number] :
       {std::pair{tree::Type::kFifo, 6U}, std::pair{tree::Type::kSocket, 7U}}) {
    inode.type = type;
    EXPECT_EQ(type_of(special_inode(inode)), number);
    EXPECT_EQ(special_inode(inode).size(), 20U);
    EXPECT_EQ(type_of(special_inode(inode, {1, 0, 0, 0})), number + 7);
    EXPECT_EQ(special_inode(inode, {1, 0, 0, 0}).size(), 24U);
  }
}

}  // namespace
}  // namespace xar::squashfs
