// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/superblock.hpp"

#include <bit>
#include <cassert>

namespace xar::squashfs {

base::Bytes encode(const Superblock& superblock) {
  base::Bytes bytes;
  bytes.reserve(format::kSuperblockSize);
  const auto append = [&bytes](auto... fields) { (base::append_le(bytes, fields), ...); };
  append(format::kMagic, superblock.inodes, superblock.mtime, superblock.block_size,
         superblock.fragments);
  append(format::kZstd,
         static_cast<std::uint16_t>(std::countr_zero(superblock.block_size)),
         superblock.flags, superblock.ids, format::kMajor, format::kMinor);
  append(superblock.root, superblock.bytes_used, superblock.id_table,
         superblock.xattr_table, superblock.inode_table, superblock.directory_table,
         superblock.fragment_table, superblock.export_table);
  assert(bytes.size() == format::kSuperblockSize);
  return bytes;
}

}  // namespace xar::squashfs
