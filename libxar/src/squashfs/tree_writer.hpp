// SPDX-License-Identifier: BSD-2-Clause
// A tree's metadata: the inode table, the directory table and what the tables at
// the image's end say of them.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "squashfs/data_writer.hpp"
#include "squashfs/inode_writer.hpp"
#include "squashfs/metadata_writer.hpp"
#include "squashfs/tables.hpp"
#include "squashfs/xattr_writer.hpp"
#include "xar/tree.hpp"

namespace xar::squashfs {

// Where each regular file's content is; complete before metadata is written.
using FileLayouts = std::unordered_map<const tree::Inode*, FileLayout>;

class TreeWriter {
 public:
  // Both must outlive the writer.
  TreeWriter(Compressor& compressor, const FileLayouts& layouts)
      : inodes_(compressor), directories_(compressor), layouts_(layouts) {}

  // Writes all inodes and listings. Throws base::Error, naming the file, for what the
  // format cannot hold.
  void write(const tree::Tree& tree);

  // After write().
  MetadataWriter& inodes() { return inodes_; }
  MetadataWriter& directories() { return directories_; }
  [[nodiscard]] const std::vector<std::uint32_t>& ids() const { return ids_.ids(); }
  [[nodiscard]] const XattrWriter& xattrs() const { return xattrs_; }
  // Inode references in the order of the inode numbers, which begin at 1.
  [[nodiscard]] const std::vector<std::uint64_t>& references() const {
    return references_;
  }
  [[nodiscard]] std::uint64_t root() const { return references_.back(); }

 private:
  struct Written {
    MetadataPlace place;
    std::uint32_t number = 0;
    bool done = false;
  };

  void number_entries(const tree::Inode& directory);
  void write_directory(const tree::Inode& directory);
  void write_inode(const tree::Inode& inode, std::uint32_t parent_number);
  void append_inode(const tree::Inode& inode, const InodeHead& head,
                    std::uint32_t parent_number);
  Listing take_listing(const tree::Inode& directory);

  MetadataWriter inodes_;
  MetadataWriter directories_;
  const FileLayouts& layouts_;
  IdTable ids_;
  XattrWriter xattrs_;
  std::unordered_map<const tree::Inode*, Written> written_;
  // Of directories whose own inodes are not written yet.
  std::unordered_map<const tree::Inode*, Listing> listings_;
  std::vector<std::uint64_t> references_;
  base::Bytes buffer_;
};

}  // namespace xar::squashfs
