// SPDX-License-Identifier: BSD-2-Clause
// The inodes of a directory's entries stand together, in the order of their names
// and with consecutive numbers, so that one header serves a long run of its listing.
// Below a directory everything is complete before its own entries are written: a
// subdirectory's inode says where its listing is.
#include "squashfs/tree_writer.hpp"

#include "xar/base/error.hpp"

namespace xar::squashfs {

void TreeWriter::write(const tree::Tree& tree) {
  const tree::Inode& root = tree.root();
  number_below(root);
  const auto root_number = static_cast<std::uint32_t>(written_.size() + 1);
  written_[&root].number = root_number;
  references_.resize(root_number);

  const Listing listing = write_below(root, "");
  // The root's parent is a number that no inode has.
  write_inode(root, listing, root_number + 1, ".");
}

// Numbers are given in the order in which inodes will be written, but before:
// a directory's inode names its parent's.
void TreeWriter::number_below(const tree::Inode& directory) {
  for (const tree::Entry& entry : directory.entries) {
    if (entry.inode->type == tree::Type::kDirectory) number_below(*entry.inode);
  }
  for (const tree::Entry& entry : directory.entries) {
    if (written_.size() >= UINT32_MAX - 2) {
      throw base::Error("the tree has too many files for a SquashFS image: split it");
    }
    const auto number = static_cast<std::uint32_t>(written_.size() + 1);
    written_.try_emplace(entry.inode.get(), Written{{}, number, false});
  }
}

// Writes all that is below a directory, then its listing.
Listing TreeWriter::write_below(const tree::Inode& directory, const std::string& path) {
  std::unordered_map<const tree::Inode*, Listing> listings;
  for (const tree::Entry& entry : directory.entries) {
    if (entry.inode->type != tree::Type::kDirectory) continue;
    listings[entry.inode.get()] = write_below(*entry.inode, path + entry.name + "/");
  }
  const std::uint32_t own_number = written_.at(&directory).number;
  std::vector<ListedInode> listed;
  listed.reserve(directory.entries.size());
  for (const tree::Entry& entry : directory.entries) {
    const tree::Inode* inode = entry.inode.get();
    const auto listing = listings.find(inode);
    write_inode(*inode, listing == listings.end() ? Listing() : listing->second,
                own_number, path + entry.name);
    const Written& written = written_.at(inode);
    listed.push_back(
        {entry.name, written.place, written.number, basic_type(inode->type)});
  }
  return write_listing(directories_, listed);
}

void TreeWriter::write_inode(const tree::Inode& inode, const Listing& listing,
                             std::uint32_t parent_number, const std::string& path) {
  Written& written = written_.at(&inode);
  // A hard link's inode has been written under the first of its names.
  if (written.done) return;
  written.done = true;
  buffer_.clear();
  try {
    const InodeHead head{written.number, ids_.index_of(inode.uid),
                         ids_.index_of(inode.gid), xattrs_.index_of(inode.xattrs)};
    append_inode(inode, head, listing, parent_number);
  } catch (const base::Error& error) {
    throw base::Error("cannot pack", path, error.what());
  }
  written.place = inodes_.place();
  references_[written.number - 1] = written.place.reference();
  inodes_.append(buffer_);
}

void TreeWriter::append_inode(const tree::Inode& inode, const InodeHead& head,
                              const Listing& listing, std::uint32_t parent_number) {
  switch (inode.type) {
    case tree::Type::kRegular:
      return append_file_inode(buffer_, inode, head, layouts_.at(&inode));
    case tree::Type::kDirectory:
      return append_directory_inode(buffer_, inode, head, listing, parent_number);
    default:
      return append_special_inode(buffer_, inode, head);
  }
}

}  // namespace xar::squashfs
