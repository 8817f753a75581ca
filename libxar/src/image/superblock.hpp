// SPDX-License-Identifier: BSD-2-Clause
// The superblock, with which an image begins: sizes, counts and where the tables
// are. It is read once, and nothing of it is used before it has been checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "image/squashfuse.hpp"

namespace xar::image {

// Positions are bytes from the beginning of the image.
struct Superblock {
  std::uint32_t inodes = 0;
  std::uint32_t mkfs_time = 0;
  std::uint32_t block_size = 0;
  std::uint32_t fragments = 0;
  std::uint16_t compression = 0;
  std::uint16_t block_log = 0;
  std::uint16_t ids = 0;
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  std::uint64_t root_inode = 0;
  std::uint64_t bytes_used = 0;
  std::uint64_t id_table_start = 0;
  std::uint64_t xattr_id_table_start = 0;
  std::uint64_t inode_table_start = 0;
  std::uint64_t directory_table_start = 0;
  std::uint64_t fragment_table_start = 0;
  std::uint64_t lookup_table_start = 0;
};

// The superblock at byte `offset` of `fd`. `name` is for messages. Throws Error if
// it is not one of SquashFS 4.0, if the file ends before the image does, if the
// compression is unknown to libsquashfuse, or if the tables are out of place.
Superblock read_superblock(int fd, std::uint64_t offset,
                           const std::filesystem::path& name);

// Where the directory table cannot go on: what stands behind it begins, or the image
// ends.
std::uint64_t end_of_directory_table(const Superblock& superblock);

// What mksquashfs calls a compression, such as "zstd"; "unknown" if it has no such.
std::string_view compression_name(std::uint16_t compression);

// Throws the Error for an image in which `part` is not what it should be.
[[noreturn]] void throw_damaged(const std::filesystem::path& name, std::string_view part);

}  // namespace xar::image
