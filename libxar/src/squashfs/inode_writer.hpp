// SPDX-License-Identifier: BSD-2-Clause
// The bytes of inodes: the basic form where it can say everything, else the
// extended one.
#pragma once

#include <cstdint>

#include "squashfs/data_writer.hpp"
#include "squashfs/directory_writer.hpp"
#include "squashfs/format.hpp"
#include "xar/base/bytes.hpp"
#include "xar/tree.hpp"

namespace xar::squashfs {

// What every inode says of itself besides what its type adds.
struct InodeHead {
  std::uint32_t number = 0;
  std::uint16_t uid_index = 0;
  std::uint16_t gid_index = 0;
  std::uint32_t xattrs = format::kNoXattrs;  // index of the set
};

// The basic type of an inode.
std::uint16_t basic_type(tree::Type type);

// Each appends one inode, which has passed the survey, to `out`.
void append_file_inode(base::Bytes& out, const tree::Inode& inode, const InodeHead& head,
                       const FileLayout& layout);
// Throws base::Error if the listing is too long; the caller adds the directory's name.
void append_directory_inode(base::Bytes& out, const tree::Inode& inode,
                            const InodeHead& head, const Listing& listing,
                            std::uint32_t parent_number);
// All other types.
void append_special_inode(base::Bytes& out, const tree::Inode& inode,
                          const InodeHead& head);

}  // namespace xar::squashfs
