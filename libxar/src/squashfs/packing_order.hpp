// SPDX-License-Identifier: BSD-2-Clause
// The order in which files' contents stand in the image. It decides what shares a
// block, and so how well that compresses, what else is read along with a file, and how
// much of the last build's work is of use to the next.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "xar/squashfs.hpp"
#include "xar/tree.hpp"

namespace xar::squashfs {

// A regular file on its way into the image.
struct PackedFile {
  const tree::Inode* inode = nullptr;  // borrowed
  std::string path;                    // in the tree, the first of its names
  // A tail stream may be cut before this file. Whether that is so depends on its name
  // alone, so that after a change the fragment blocks soon are those of the last build.
  bool may_cut = false;
};

// Puts `files`, which come in the order of their paths, into packing order: those of
// higher priority first, then by folder, suffix and name, but compiled Python beside its
// source, with which it has much in common. `tick` is called now and then; what it throws
// ends the sorting, and leaves `files` to be thrown away.
void put_in_packing_order(std::vector<PackedFile>& files, const Priorities& priorities,
                          const std::function<void()>& tick);

}  // namespace xar::squashfs
