// SPDX-License-Identifier: BSD-2-Clause
// How the kernel names inodes: by their references in the image, so that nothing
// has to be remembered between requests or forgotten after them.
#pragma once

#include "fuse/operations.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

// FUSE has given meanings to 0 (none) and 1 (the root); references may be both.
inline constexpr fuse_ino_t kReserved = 2;

inline fuse_ino_t to_number(const image::Image& image, image::InodeReference inode) {
  return inode == image.root() ? FUSE_ROOT_ID : inode + kReserved;
}

inline image::InodeReference to_reference(const image::Image& image, fuse_ino_t number) {
  return number == FUSE_ROOT_ID ? image.root() : number - kReserved;
}

}  // namespace xar::fuse
