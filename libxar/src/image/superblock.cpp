// SPDX-License-Identifier: BSD-2-Clause
#include "image/superblock.hpp"

#include <endian.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <string>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::image {
namespace {

// In place of the position of a table that an image does not have.
constexpr auto kAbsent = static_cast<std::uint64_t>(SQUASHFS_INVALID_BLK);

constexpr std::uint32_t kMinBlockSize = 4096;
constexpr std::uint32_t kMaxBlockSize = SQUASHFS_FILE_MAX_SIZE;

Superblock decode(const squashfs_super_block& raw) {
  Superblock block;
  block.inodes = le32toh(raw.inodes);
  block.mkfs_time = le32toh(raw.mkfs_time);
  block.block_size = le32toh(raw.block_size);
  block.fragments = le32toh(raw.fragments);
  block.compression = le16toh(raw.compression);
  block.block_log = le16toh(raw.block_log);
  block.ids = le16toh(raw.no_ids);
  block.major = le16toh(raw.s_major);
  block.minor = le16toh(raw.s_minor);
  block.root_inode = le64toh(raw.root_inode);
  block.bytes_used = le64toh(raw.bytes_used);
  block.id_table_start = le64toh(raw.id_table_start);
  block.xattr_id_table_start = le64toh(raw.xattr_id_table_start);
  block.inode_table_start = le64toh(raw.inode_table_start);
  block.directory_table_start = le64toh(raw.directory_table_start);
  block.fragment_table_start = le64toh(raw.fragment_table_start);
  block.lookup_table_start = le64toh(raw.lookup_table_start);
  return block;
}

// How many bytes `fd` holds from `offset` on.
std::uint64_t bytes_behind(int fd, std::uint64_t offset,
                           const std::filesystem::path& name) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) base::throw_errno("cannot read the size of", name);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return offset < size ? size - offset : 0;
}

[[noreturn]] void throw_cut_short(const std::filesystem::path& name, std::uint64_t there,
                                  std::uint64_t wanted) {
  throw base::Error(base::Errc::kCutShort, "image cut short", name,
                    std::to_string(there) + " of " + std::to_string(wanted) +
                        " bytes are there: copy or build it again");
}

void check_version(const Superblock& block, const std::filesystem::path& name) {
  if (block.major == SQUASHFS_MAJOR && block.minor == SQUASHFS_MINOR) return;
  throw base::Error(base::Errc::kUnsupported,
                    "cannot read SquashFS " + std::to_string(block.major) + "." +
                        std::to_string(block.minor),
                    name, "only 4.0 is known: build it again with current tools");
}

void check_compression(const Superblock& block, const std::filesystem::path& name) {
  if (sqfs_decompressor_get(block.compression) != nullptr) return;
  throw base::Error(base::Errc::kUnsupported, "cannot decompress the image", name,
                    "its compression is " +
                        std::string(compression_name(block.compression)) + " (number " +
                        std::to_string(block.compression) +
                        "): build it again with zstd");
}

void check_block_size(const Superblock& block, const std::filesystem::path& name) {
  const bool sound = std::has_single_bit(block.block_size) &&
                     block.block_size >= kMinBlockSize &&
                     block.block_size <= kMaxBlockSize &&
                     std::countr_zero(block.block_size) == block.block_log;
  if (!sound) throw_damaged(name, "block size");
}

// Every writer stores the tables in this order, each one's list of blocks behind
// the blocks themselves.
void check_tables(const Superblock& block, const std::filesystem::path& name) {
  struct Table {
    std::string_view part;
    std::uint64_t start;
    bool needed;
  };
  const std::array<Table, 6> tables = {{
      {"inode table", block.inode_table_start, true},
      {"directory table", block.directory_table_start, true},
      // Without fragments its position means nothing.
      {"fragment table", block.fragments > 0 ? block.fragment_table_start : kAbsent,
       block.fragments > 0},
      {"export table", block.lookup_table_start, false},
      {"id table", block.id_table_start, true},
      {"xattr table", block.xattr_id_table_start, false},
  }};
  std::uint64_t lowest = sizeof(squashfs_super_block);
  for (const Table& table : tables) {
    if (table.start == kAbsent && !table.needed) continue;
    if (table.start < lowest || table.start >= block.bytes_used) {
      throw_damaged(name, table.part);
    }
    lowest = table.start;
  }
  if (block.inodes == 0) throw_damaged(name, "inode table");
  if (block.ids == 0) throw_damaged(name, "id table");
}

}  // namespace

Superblock read_superblock(int fd, std::uint64_t offset,
                           const std::filesystem::path& name) {
  const std::uint64_t available = bytes_behind(fd, offset, name);
  if (available < sizeof(squashfs_super_block)) {
    throw_cut_short(name, available, sizeof(squashfs_super_block));
  }
  squashfs_super_block raw{};
  base::read_at(fd, offset, std::as_writable_bytes(std::span(&raw, 1)), name);
  if (le32toh(raw.s_magic) != SQUASHFS_MAGIC) {
    throw base::Error(base::Errc::kNotAnArchive, "not a SquashFS image", name,
                      "none begins at byte " + std::to_string(offset) +
                          ": check the file or build it again");
  }
  const Superblock block = decode(raw);
  check_version(block, name);
  if (available < block.bytes_used) throw_cut_short(name, available, block.bytes_used);
  check_compression(block, name);
  check_block_size(block, name);
  check_tables(block, name);
  return block;
}

// The next table's blocks begin before the list of them, to which its position leads; to
// count them in makes the bound larger by a little.
std::uint64_t end_of_directory_table(const Superblock& superblock) {
  std::uint64_t end = superblock.bytes_used;
  for (const std::uint64_t start :
       {superblock.fragments > 0 ? superblock.fragment_table_start : kAbsent,
        superblock.lookup_table_start, superblock.id_table_start}) {
    if (start > superblock.directory_table_start) end = std::min(end, start);
  }
  return end;
}

std::string_view compression_name(std::uint16_t compression) {
  switch (compression) {
    case ZLIB_COMPRESSION:
      return "gzip";
    case LZMA_COMPRESSION:
      return "lzma";
    case LZO_COMPRESSION:
      return "lzo";
    case XZ_COMPRESSION:
      return "xz";
    case LZ4_COMPRESSION:
      return "lz4";
    case ZSTD_COMPRESSION:
      return "zstd";
    default:
      return "unknown";
  }
}

void throw_damaged(const std::filesystem::path& name, std::string_view part) {
  throw base::Error(
      base::Errc::kDamaged, "damaged image", name,
      "its " + std::string(part) + " cannot be right: copy or build the file again");
}

}  // namespace xar::image
