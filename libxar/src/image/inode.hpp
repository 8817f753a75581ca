// SPDX-License-Identifier: BSD-2-Clause
// Inodes of every type, basic and extended, as one structure.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "image/block_store.hpp"
#include "image/metadata_cursor.hpp"
#include "xar/image.hpp"

namespace xar::image {

struct Inode {
  mode_t mode = 0;  // type and permissions
  std::uint16_t uid_index = 0;
  std::uint16_t gid_index = 0;
  std::uint32_t mtime = 0;
  std::uint32_t number = 0;
  std::uint32_t links = 1;
  std::uint64_t size = 0;  // content, target, or listing plus 3; 0 for the others

  // What only some types have.
  struct {
    std::uint64_t first_block = 0;  // where the file's blocks begin
    std::uint64_t sparse = 0;       // bytes of `size` that are holes
    std::uint32_t fragment = SQUASHFS_INVALID_FRAG;
    std::uint32_t fragment_offset = 0;
  } file;
  struct {
    std::uint32_t block = 0;  // of the listing, from the directory table's start
    std::uint16_t offset = 0;
    std::uint16_t index_count = 0;
    std::uint32_t parent = 0;  // its inode number
  } directory;
  dev_t device = 0;
  std::uint32_t xattr = SQUASHFS_INVALID_XATTR;  // index of its extended attributes

  // What follows the inode: block list, symlink's target or directory index.
  MetadataCursor rest;
};

// Reads the inode that `reference` names. Throws Failure if there is none.
Inode read_inode(const BlockStore& store, InodeReference reference);

// The file type (S_IFDIR and its like) of an inode type, basic or extended. Throws
// Failure if there is no such type.
mode_t file_type(std::uint16_t inode_type);

}  // namespace xar::image
