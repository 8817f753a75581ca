// SPDX-License-Identifier: BSD-2-Clause
#include "image/inode.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>

#include "image/failure.hpp"

namespace xar::image {
namespace {

constexpr mode_t kPermissions = 07777;

// In the order of the inode types; the extended types follow in the same order.
constexpr std::array<mode_t, 7> kTypes = {S_IFDIR, S_IFREG, S_IFLNK, S_IFBLK,
                                          S_IFCHR, S_IFIFO, S_IFSOCK};

// The longest target that kernels follow: PATH_MAX counts a NUL.
constexpr std::uint64_t kMaxTarget = 4095;

// As Linux encodes device numbers in 32 bits: the minor number around the major.
dev_t decode_device(std::uint32_t word) {
  return makedev((word >> 8) & 0xfff, (word & 0xff) | ((word >> 12) & 0xfff00));
}

void read_file(Inode& inode, MetadataCursor& in) {
  inode.file.first_block = in.take<std::uint32_t>();
  inode.file.fragment = in.take<std::uint32_t>();
  inode.file.fragment_offset = in.take<std::uint32_t>();
  inode.size = in.take<std::uint32_t>();
}

void read_extended_file(Inode& inode, MetadataCursor& in) {
  inode.file.first_block = in.take<std::uint64_t>();
  inode.size = in.take<std::uint64_t>();
  inode.file.sparse = in.take<std::uint64_t>();
  inode.links = in.take<std::uint32_t>();
  inode.file.fragment = in.take<std::uint32_t>();
  inode.file.fragment_offset = in.take<std::uint32_t>();
  inode.xattr = in.take<std::uint32_t>();
  require(inode.size <= INT64_MAX && inode.file.sparse <= inode.size);
}

void read_directory(Inode& inode, MetadataCursor& in) {
  inode.directory.block = in.take<std::uint32_t>();
  inode.links = in.take<std::uint32_t>();
  inode.size = in.take<std::uint16_t>();
  inode.directory.offset = in.take<std::uint16_t>();
  inode.directory.parent = in.take<std::uint32_t>();
}

void read_extended_directory(Inode& inode, MetadataCursor& in) {
  inode.links = in.take<std::uint32_t>();
  inode.size = in.take<std::uint32_t>();
  inode.directory.block = in.take<std::uint32_t>();
  inode.directory.parent = in.take<std::uint32_t>();
  inode.directory.index_count = in.take<std::uint16_t>();
  inode.directory.offset = in.take<std::uint16_t>();
  inode.xattr = in.take<std::uint32_t>();
}

// The extended types of links, devices, pipes and sockets have the index as their last
// field, links behind the target.
std::uint32_t read_last_xattr(const Inode& inode, MetadataCursor in) {
  in.skip(inode.size);
  return in.take<std::uint32_t>();
}

// Reads what the inode's type has beyond that which all types have.
void read_particulars(Inode& inode, std::uint16_t type, MetadataCursor& in) {
  switch (type) {
    case SQUASHFS_REG_TYPE:
      return read_file(inode, in);
    case SQUASHFS_LREG_TYPE:
      return read_extended_file(inode, in);
    case SQUASHFS_DIR_TYPE:
      return read_directory(inode, in);
    case SQUASHFS_LDIR_TYPE:
      return read_extended_directory(inode, in);
    default:
      break;
  }
  inode.links = in.take<std::uint32_t>();
  if (S_ISLNK(inode.mode)) {
    inode.size = in.take<std::uint32_t>();
    require(inode.size > 0 && inode.size <= kMaxTarget);
  } else if (S_ISBLK(inode.mode) || S_ISCHR(inode.mode)) {
    inode.device = decode_device(in.take<std::uint32_t>());
  }
  if (type > SQUASHFS_SOCKET_TYPE) inode.xattr = read_last_xattr(inode, in);
}

}  // namespace

mode_t file_type(std::uint16_t inode_type) {
  require(inode_type >= SQUASHFS_DIR_TYPE && inode_type <= SQUASHFS_LSOCKET_TYPE);
  return kTypes[(inode_type - 1u) % kTypes.size()];
}

Inode read_inode(const BlockStore& store, InodeReference reference) {
  const Superblock& superblock = store.superblock();
  const std::uint64_t block = reference >> 16;
  require(block < superblock.directory_table_start - superblock.inode_table_start);
  MetadataCursor in(store, {superblock.inode_table_start + block, reference & 0xffff});

  Inode inode;
  const auto type = in.take<std::uint16_t>();
  const auto permissions = in.take<std::uint16_t>();
  // What the kernel refuses is refused here, so that both read the same.
  require((permissions & ~kPermissions) == 0);
  inode.mode = file_type(type) | permissions;
  inode.uid_index = in.take<std::uint16_t>();
  inode.gid_index = in.take<std::uint16_t>();
  inode.mtime = in.take<std::uint32_t>();
  inode.number = in.take<std::uint32_t>();
  read_particulars(inode, type, in);
  // Nor does it take a fragment from which nothing would be read.
  require(inode.file.fragment == SQUASHFS_INVALID_FRAG ||
          (inode.file.fragment < superblock.fragments &&
           inode.size % superblock.block_size != 0));
  inode.rest = in;
  return inode;
}

}  // namespace xar::image
