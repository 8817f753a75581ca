// SPDX-License-Identifier: BSD-2-Clause
// The inodes of a directory's entries stand together, in the order of their names
// and with consecutive numbers, so that one header serves a long run of its listing.
// Below a directory everything is complete before its own entries are written: a
// subdirectory's inode says where its listing is.
#include "squashfs/tree_writer.hpp"

#include <algorithm>

#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

// All directories, each behind those in it. A tree can be deeper than the stack.
std::vector<const tree::Inode*> bottom_up(const tree::Inode& root) {
  std::vector<const tree::Inode*> directories;
  std::vector<const tree::Inode*> left = {&root};
  while (!left.empty()) {
    directories.push_back(left.back());
    left.pop_back();
    for (const tree::Entry& entry : directories.back()->entries) {
      const tree::Inode* inode = entry.inode.get();
      if (inode->type == tree::Type::kDirectory) left.push_back(inode);
    }
  }
  std::ranges::reverse(directories);
  return directories;
}

std::string path_of(const tree::Tree& tree, const tree::Inode& inode) {
  std::string found = ".";
  tree::for_each_entry(tree, [&](const std::string& path, const tree::Entry& entry) {
    if (entry.inode.get() == &inode && found == ".") found = path;
  });
  return found;
}

// An inode that cannot be written, and why.
struct Refusal {
  const tree::Inode* inode;
  base::Error reason;
};

}  // namespace

void TreeWriter::write(const tree::Tree& tree) {
  const tree::Inode& root = tree.root();
  const std::vector<const tree::Inode*> directories = bottom_up(root);
  for (const tree::Inode* directory : directories) number_entries(*directory);
  const auto root_number = static_cast<std::uint32_t>(written_.size() + 1);
  written_[&root].number = root_number;
  references_.resize(root_number);
  try {
    for (const tree::Inode* directory : directories) write_directory(*directory);
    // The root's parent is a number that no inode has.
    write_inode(root, root_number + 1);
  } catch (const Refusal& refusal) {
    throw base::Error("cannot pack", path_of(tree, *refusal.inode),
                      refusal.reason.what());
  }
}

// Numbers are given in the order in which inodes will be written, but before:
// a directory's inode names its parent's.
void TreeWriter::number_entries(const tree::Inode& directory) {
  for (const tree::Entry& entry : directory.entries) {
    if (written_.size() >= UINT32_MAX - 2) {
      throw base::Error("the tree has too many files for a SquashFS image: split it");
    }
    const auto number = static_cast<std::uint32_t>(written_.size() + 1);
    written_.try_emplace(entry.inode.get(), Written{{}, number, false});
  }
}

// Writes the inodes of what is in a directory, then its listing.
void TreeWriter::write_directory(const tree::Inode& directory) {
  const std::uint32_t own_number = written_.at(&directory).number;
  std::vector<ListedInode> listed;
  listed.reserve(directory.entries.size());
  for (const tree::Entry& entry : directory.entries) {
    const tree::Inode* inode = entry.inode.get();
    write_inode(*inode, own_number);
    const Written& written = written_.at(inode);
    listed.push_back(
        {entry.name, written.place, written.number, basic_type(inode->type)});
  }
  listings_[&directory] = write_listing(directories_, listed);
}

void TreeWriter::write_inode(const tree::Inode& inode, std::uint32_t parent_number) {
  Written& written = written_.at(&inode);
  // A hard link's inode has been written under the first of its names.
  if (written.done) return;
  written.done = true;
  buffer_.clear();
  try {
    const InodeHead head{written.number, ids_.index_of(inode.uid),
                         ids_.index_of(inode.gid), xattrs_.index_of(inode.xattrs)};
    append_inode(inode, head, parent_number);
  } catch (const base::Error& error) {
    throw Refusal{&inode, error};
  }
  written.place = inodes_.place();
  references_[written.number - 1] = written.place.reference();
  inodes_.append(buffer_);
}

void TreeWriter::append_inode(const tree::Inode& inode, const InodeHead& head,
                              std::uint32_t parent_number) {
  switch (inode.type) {
    case tree::Type::kRegular:
      return append_file_inode(buffer_, inode, head, layouts_.at(&inode));
    case tree::Type::kDirectory:
      return append_directory_inode(buffer_, inode, head, take_listing(inode),
                                    parent_number);
    default:
      return append_special_inode(buffer_, inode, head);
  }
}

Listing TreeWriter::take_listing(const tree::Inode& directory) {
  const auto found = listings_.find(&directory);
  Listing listing = std::move(found->second);
  listings_.erase(found);
  return listing;
}

}  // namespace xar::squashfs
