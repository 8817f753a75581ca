// SPDX-License-Identifier: BSD-2-Clause
// Listings, the content of directories: names in runs that share a header, and for
// large directories an index by which a reader finds the run that holds a name.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "squashfs/metadata_writer.hpp"

namespace xar::squashfs {

// What a listing says of an inode.
struct ListedInode {
  std::string_view name;
  MetadataPlace place;       // in the inode table
  std::uint32_t number = 0;  // inode number
  std::uint16_t type = 0;    // basic inode type
};

// One step into a long listing.
struct IndexEntry {
  std::uint32_t position = 0;  // bytes from the listing's beginning to a header
  std::uint32_t block = 0;     // the metadata block in which that header begins
  std::string_view name;       // the first name behind that header
};

// Where a listing is, for the directory's inode.
struct Listing {
  MetadataPlace place;     // in the directory table
  std::uint64_t size = 0;  // bytes
  std::vector<IndexEntry> index;
};

// Appends the listing of `entries`, sorted by name bytewise, to the directory
// table. The names in the result are those of `entries`, borrowed.
Listing write_listing(MetadataWriter& table, const std::vector<ListedInode>& entries);

}  // namespace xar::squashfs
