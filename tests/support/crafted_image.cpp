// SPDX-License-Identifier: BSD-2-Clause
#include "support/crafted_image.hpp"

#include <algorithm>

#include "support/scratch.hpp"
#include "xar/header.hpp"

namespace xar::test {
namespace {

using base::append_le;
using base::Bytes;

constexpr std::size_t kMetadataBlock = 8192;
constexpr std::size_t kStoredBlock = kMetadataBlock + 2;  // with its size in front
constexpr std::uint64_t kBlock = 128 * 1024;
constexpr std::uint64_t kNone = UINT64_MAX;
constexpr std::uint16_t kDirectory = 1, kSymlink = 3, kExtendedDirectory = 8,
                        kExtendedFile = 9;

// Where a byte of a table will be: the block's position and the offset in it.
std::uint64_t block_of(std::size_t at) {
  return at / kMetadataBlock * kStoredBlock;
}
std::uint16_t offset_of(std::size_t at) {
  return static_cast<std::uint16_t>(at % kMetadataBlock);
}
std::uint64_t reference_to(std::size_t at) {
  return block_of(at) << 16 | offset_of(at);
}

Bytes stored(base::ByteView table) {
  Bytes out;
  for (; !table.empty(); table = table.subspan(std::min(table.size(), kMetadataBlock))) {
    const auto block = table.first(std::min(table.size(), kMetadataBlock));
    append_le(out, static_cast<std::uint16_t>(block.size() | 0x8000U));
    base::append(out, block);
  }
  return out;
}

// Appends a table of at most one block with the list of its blocks; returns the list's
// position.
std::uint64_t append_table(Bytes& image, const Bytes& entries, const Bytes& head = {}) {
  const std::uint64_t start = image.size();
  base::append(image, stored(entries));
  const std::uint64_t list = image.size();
  base::append(image, head);
  append_le(image, start);
  return list;
}

}  // namespace

CraftedImage::Node CraftedImage::begin_inode(std::uint16_t type,
                                             std::optional<std::uint32_t> number) {
  const Node node{reference_to(inodes_.size()), type, number.value_or(++numbers_)};
  append_le(inodes_, type);
  append_le(inodes_, std::uint16_t{0755});
  append_le(inodes_, std::uint32_t{0});  // owner and group
  append_le(inodes_, std::uint32_t{1000});
  append_le(inodes_, node.number);
  return node;
}

CraftedImage::Node CraftedImage::file(const File& file) {
  Node node = begin_inode(kExtendedFile, file.number);
  node.type = 2;  // as directories name it
  append_le(inodes_, std::uint64_t{0});
  append_le(inodes_, file.size);
  append_le(inodes_, file.sparse);
  append_le(inodes_, file.links);
  append_le(inodes_, UINT32_MAX);  // no fragment
  append_le(inodes_, std::uint32_t{0});
  append_le(inodes_, file.xattrs);
  inodes_.resize(inodes_.size() + (file.size + kBlock - 1) / kBlock * 4);
  return node;
}

CraftedImage::Node CraftedImage::symlink(const std::string& target,
                                         std::optional<std::uint32_t> size) {
  const Node node = begin_inode(kSymlink);
  append_le(inodes_, std::uint32_t{1});
  append_le(inodes_, size.value_or(static_cast<std::uint32_t>(target.size())));
  base::append(inodes_, base::as_bytes(target));
  return node;
}

CraftedImage::Listing CraftedImage::listing(const std::vector<Name>& names,
                                            std::size_t run) {
  const std::size_t begin = listings_.size();
  for (std::size_t i = 0; i < names.size();) {
    const std::uint64_t block = names[i].node.reference >> 16;
    const std::uint32_t number = names[i].node.number;
    std::size_t end = i;
    while (end < std::min(names.size(), i + run) &&
           names[end].node.reference >> 16 == block) {
      ++end;
    }
    append_le(listings_, static_cast<std::uint32_t>(end - i - 1));
    append_le(listings_, static_cast<std::uint32_t>(block));
    append_le(listings_, number);
    for (; i < end; ++i) {
      const auto& [name, node] = names[i];
      append_le(listings_, static_cast<std::uint16_t>(node.reference));
      append_le(listings_, static_cast<std::uint16_t>(node.number - number));
      append_le(listings_, node.type);
      append_le(listings_, static_cast<std::uint16_t>(name.size() - 1));
      base::append(listings_, base::as_bytes(name));
    }
  }
  return {static_cast<std::uint32_t>(block_of(begin)), offset_of(begin),
          static_cast<std::uint32_t>(listings_.size() - begin)};
}

CraftedImage::Node CraftedImage::directory(const Listing& listing,
                                           const std::vector<IndexEntry>& index) {
  Node node = begin_inode(kExtendedDirectory);
  node.type = kDirectory;
  append_le(inodes_, std::uint32_t{2});
  append_le(inodes_, listing.size + 3);
  append_le(inodes_, listing.block);
  append_le(inodes_, std::uint32_t{1});
  append_le(inodes_, static_cast<std::uint16_t>(index.size()));
  append_le(inodes_, listing.offset);
  append_le(inodes_, UINT32_MAX);
  for (const IndexEntry& entry : index) {
    append_le(inodes_, entry.position);
    append_le(inodes_, entry.block);
    append_le(inodes_, static_cast<std::uint32_t>(entry.name.size() - 1));
    base::append(inodes_, base::as_bytes(entry.name));
  }
  return node;
}

void CraftedImage::xattrs(Bytes bytes, std::vector<Set> sets) {
  xattr_bytes_ = std::move(bytes);
  xattr_sets_ = std::move(sets);
}

Bytes CraftedImage::bytes(const Node& root) const {
  Bytes image(96);
  const std::uint64_t inodes = image.size();
  base::append(image, stored(inodes_));
  const std::uint64_t listings = image.size();
  base::append(image, stored(listings_));
  Bytes ids;
  append_le(ids, std::uint32_t{0});
  const std::uint64_t id_table = append_table(image, ids);
  std::uint64_t xattr_table = kNone;
  if (!xattr_sets_.empty()) {
    Bytes head;
    append_le(head, std::uint64_t{image.size()});
    append_le(head, static_cast<std::uint32_t>(xattr_sets_.size()));
    append_le(head, std::uint32_t{0});
    base::append(image, stored(xattr_bytes_));
    Bytes sets;
    for (const Set& set : xattr_sets_) {
      append_le(sets, reference_to(set.offset));
      append_le(sets, set.count);
      append_le(sets, std::uint32_t{0});
    }
    xattr_table = append_table(image, sets, head);
  }
  Bytes front;
  append_le(front, std::uint32_t{0x73717368});
  append_le(front, claimed_inodes_.value_or(numbers_));
  append_le(front, std::uint32_t{1000});
  append_le(front, static_cast<std::uint32_t>(kBlock));
  append_le(front, std::uint32_t{0});                      // fragments
  for (const unsigned word : {6U, 17U, 0U, 1U, 4U, 0U}) {  // zstd, ..., one id, 4.0
    append_le(front, static_cast<std::uint16_t>(word));
  }
  for (const std::uint64_t word : {root.reference, std::uint64_t{image.size()}, id_table,
                                   xattr_table, inodes, listings, kNone, kNone}) {
    append_le(front, word);
  }
  std::ranges::copy(front, image.begin());
  image.resize((image.size() + 4095) / 4096 * 4096);
  return image;
}

void CraftedImage::write_archive(const Node& root,
                                 const std::filesystem::path& path) const {
  test::write_archive(bytes(root), path);
}

void write_archive(base::ByteView image, const std::filesystem::path& path) {
  std::string text =
      "#!/usr/bin/env xarexec_fuse\nOFFSET=\"4096\"\nUUID=\"12345678\"\n"
      "VERSION=\"1\"\nDEPENDENCIES=\"\"\n#xar_stop\n";
  text.resize(4096, '\n');
  write_file(path, text + std::string(base::as_text(image)));
}

Bytes stored_xattr(const std::string& name, const std::string& value) {
  Bytes bytes;
  append_le(bytes, std::uint16_t{0});
  append_le(bytes, static_cast<std::uint16_t>(name.size()));
  base::append(bytes, base::as_bytes(name));
  append_le(bytes, static_cast<std::uint32_t>(value.size()));
  base::append(bytes, base::as_bytes(value));
  return bytes;
}

}  // namespace xar::test
