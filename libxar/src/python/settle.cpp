// SPDX-License-Identifier: BSD-2-Clause
#include "python/settle.hpp"

#include <algorithm>

namespace xar::python {
namespace {

void settle(tree::Inode& inode) {
  if (inode.type == tree::Type::kRegular) {
    inode.permissions = (inode.permissions & 0111) != 0 ? 0755 : 0644;
  }
  if (inode.type == tree::Type::kSymlink) inode.mtime = 0;  // never of the unpacking
  if (inode.type != tree::Type::kDirectory) return;
  inode.permissions = 0755;
  inode.mtime = 0;
  for (const tree::Entry& entry : inode.entries) {
    settle(*entry.inode);
    inode.mtime = std::max(inode.mtime, entry.inode->mtime);
  }
}

}  // namespace

void settle(tree::Tree& tree) {
  settle(tree.root());
}

}  // namespace xar::python
