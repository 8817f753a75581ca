// SPDX-License-Identifier: BSD-2-Clause
// The superblock: an image's first bytes, from which a reader finds everything.
#pragma once

#include <cstdint>

#include "squashfs/format.hpp"
#include "xar/base/bytes.hpp"

namespace xar::squashfs {

// FORMAT.md, "Superblock". Positions count from the image's first byte.
struct Superblock {
  std::uint32_t inodes = 0;
  std::uint32_t mtime = 0;
  std::uint32_t block_size = 0;
  std::uint32_t fragments = 0;
  std::uint16_t flags = format::kFlagExportable | format::kFlagNoXattrs;
  std::uint16_t ids = 0;
  std::uint64_t root = 0;  // inode reference
  std::uint64_t bytes_used = 0;
  std::uint64_t id_table = format::kNoTable;
  std::uint64_t xattr_table = format::kNoTable;
  std::uint64_t inode_table = format::kNoTable;
  std::uint64_t directory_table = format::kNoTable;
  std::uint64_t fragment_table = format::kNoTable;
  std::uint64_t export_table = format::kNoTable;
};

// The superblock as it is stored, format::kSuperblockSize bytes.
base::Bytes encode(const Superblock& superblock);

}  // namespace xar::squashfs
