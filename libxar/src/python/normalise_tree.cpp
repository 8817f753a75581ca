// SPDX-License-Identifier: BSD-2-Clause
#include "python/normalise_tree.hpp"

#include <algorithm>

namespace xar::python {
namespace {

void normalise_tree(tree::Inode& inode) {
  if (inode.type == tree::Type::kRegular) {
    inode.permissions = (inode.permissions & 0111) != 0 ? 0755 : 0644;
  }
  if (inode.type == tree::Type::kSymlink) inode.mtime = 0;  // never of the unpacking
  if (inode.type != tree::Type::kDirectory) return;
  inode.permissions = 0755;
  inode.mtime = 0;
  for (const tree::Entry& entry : inode.entries) {
    normalise_tree(*entry.inode);
    inode.mtime = std::max(inode.mtime, entry.inode->mtime);
  }
}

}  // namespace

void normalise_tree(tree::Tree& tree) {
  normalise_tree(tree.root());
}

}  // namespace xar::python
