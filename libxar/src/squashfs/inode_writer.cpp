// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/inode_writer.hpp"

#include <sys/sysmacros.h>

#include <algorithm>

#include "squashfs/format.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

using base::append_le;

void append_head(base::Bytes& out, std::uint16_t type, const tree::Inode& inode,
                 const InodeHead& head) {
  append_le(out, type);
  append_le(out, inode.permissions);
  append_le(out, head.uid_index);
  append_le(out, head.gid_index);
  append_le(out, static_cast<std::uint32_t>(inode.mtime));
  append_le(out, head.number);
}

// The kernel's new_encode_dev(), which images store.
std::uint32_t encoded_device(dev_t device) {
  const unsigned major = ::major(device);
  const unsigned minor = ::minor(device);
  return (minor & 0xFF) | major << 8 | (minor & ~0xFFU) << 12;
}

std::uint32_t count_subdirectories(const tree::Inode& directory) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(directory.entries, [](const tree::Entry& entry) {
        return entry.inode->type == tree::Type::kDirectory;
      }));
}

void append_index(base::Bytes& out, const std::vector<IndexEntry>& index) {
  for (const IndexEntry& entry : index) {
    append_le(out, entry.position);
    append_le(out, entry.block);
    append_le(out, static_cast<std::uint32_t>(entry.name.size() - 1));
    base::append(out, base::as_bytes(entry.name));
  }
}

}  // namespace

std::uint16_t basic_type(tree::Type type) {
  switch (type) {
    case tree::Type::kDirectory:
      return format::kDirectory;
    case tree::Type::kRegular:
      return format::kRegular;
    case tree::Type::kSymlink:
      return format::kSymlink;
    case tree::Type::kBlockDevice:
      return format::kBlockDevice;
    case tree::Type::kCharDevice:
      return format::kCharDevice;
    case tree::Type::kFifo:
      return format::kFifo;
    case tree::Type::kSocket:
      return format::kSocket;
  }
  return 0;
}

void append_file_inode(base::Bytes& out, const tree::Inode& inode, const InodeHead& head,
                       const FileLayout& layout) {
  const bool basic = inode.links == 1 && layout.sparse == 0 &&
                     layout.size <= UINT32_MAX && layout.start_block <= UINT32_MAX &&
                     head.xattrs == format::kNoXattrs;
  if (basic) {
    append_head(out, format::kRegular, inode, head);
    append_le(out, static_cast<std::uint32_t>(layout.start_block));
    append_le(out, layout.fragment);
    append_le(out, layout.fragment_offset);
    append_le(out, static_cast<std::uint32_t>(layout.size));
  } else {
    append_head(out, format::kRegular + format::kExtended, inode, head);
    append_le(out, layout.start_block);
    append_le(out, layout.size);
    append_le(out, layout.sparse);
    append_le(out, inode.links);
    append_le(out, layout.fragment);
    append_le(out, layout.fragment_offset);
    append_le(out, head.xattrs);
  }
  for (const std::uint32_t block : layout.block_list) append_le(out, block);
}

void append_directory_inode(base::Bytes& out, const tree::Inode& inode,
                            const InodeHead& head, const Listing& listing,
                            std::uint32_t parent_number) {
  const std::uint64_t size = listing.size + format::kDotsSize;
  if (size > UINT32_MAX) throw base::Error("it has too many entries: split it");
  const std::uint32_t links = 2 + count_subdirectories(inode);
  if (size <= UINT16_MAX && listing.index.empty() && head.xattrs == format::kNoXattrs) {
    append_head(out, format::kDirectory, inode, head);
    append_le(out, listing.place.block);
    append_le(out, links);
    append_le(out, static_cast<std::uint16_t>(size));
    append_le(out, listing.place.offset);
    append_le(out, parent_number);
    return;
  }
  append_head(out, format::kDirectory + format::kExtended, inode, head);
  append_le(out, links);
  append_le(out, static_cast<std::uint32_t>(size));
  append_le(out, listing.place.block);
  append_le(out, parent_number);
  append_le(out, static_cast<std::uint16_t>(listing.index.size()));
  append_le(out, listing.place.offset);
  append_le(out, head.xattrs);
  append_index(out, listing.index);
}

void append_special_inode(base::Bytes& out, const tree::Inode& inode,
                          const InodeHead& head) {
  const bool extended = head.xattrs != format::kNoXattrs;
  const auto type = static_cast<std::uint16_t>(basic_type(inode.type) +
                                               (extended ? format::kExtended : 0));
  append_head(out, type, inode, head);
  append_le(out, inode.links);
  if (inode.type == tree::Type::kSymlink) {
    append_le(out, static_cast<std::uint32_t>(inode.target.size()));
    base::append(out, base::as_bytes(inode.target));
  } else if (inode.type == tree::Type::kBlockDevice ||
             inode.type == tree::Type::kCharDevice) {
    append_le(out, encoded_device(inode.device));
  }
  if (extended) append_le(out, head.xattrs);
}

}  // namespace xar::squashfs
