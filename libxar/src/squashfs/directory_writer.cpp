// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/directory_writer.hpp"

#include <algorithm>
#include <span>

#include "squashfs/format.hpp"

namespace xar::squashfs {
namespace {

std::size_t encoded_size(const ListedInode& entry) {
  return format::kDirectoryEntrySize + entry.name.size();
}

// Whether one header can serve both: inodes in one metadata block, with numbers that
// differ by no more than 16 bits with a sign.
bool share_header(const ListedInode& first, const ListedInode& other) {
  const std::int64_t delta = std::int64_t{other.number} - std::int64_t{first.number};
  return other.place.block == first.place.block && delta >= INT16_MIN &&
         delta <= INT16_MAX;
}

// The longest run at the front of `entries`, ending with the first of them that
// reaches `room` bytes.
std::span<const ListedInode> first_run(std::span<const ListedInode> entries,
                                       std::size_t room) {
  std::size_t length = 1;
  std::size_t size = format::kDirectoryHeaderSize + encoded_size(entries.front());
  while (length < std::min(entries.size(), format::kMaxRun) && size < room &&
         share_header(entries.front(), entries[length])) {
    size += encoded_size(entries[length++]);
  }
  return entries.first(length);
}

// Whether the listing is long enough for looking up a name to gain from an index.
bool deserves_index(std::span<const ListedInode> entries) {
  std::size_t size = 0;
  for (const ListedInode& entry : entries) size += encoded_size(entry);
  return size > format::kMetadataBlockSize;
}

base::Bytes encode_run(std::span<const ListedInode> run) {
  const ListedInode& first = run.front();
  base::Bytes bytes;
  base::append_le(bytes, static_cast<std::uint32_t>(run.size() - 1));
  base::append_le(bytes, first.place.block);
  base::append_le(bytes, first.number);
  for (const ListedInode& entry : run) {
    base::append_le(bytes, entry.place.offset);
    // Two's complement: the difference of two numbers close to each other.
    base::append_le(bytes, static_cast<std::uint16_t>(entry.number - first.number));
    base::append_le(bytes, entry.type);
    base::append_le(bytes, static_cast<std::uint16_t>(entry.name.size() - 1));
    base::append(bytes, base::as_bytes(entry.name));
  }
  return bytes;
}

}  // namespace

Listing write_listing(MetadataWriter& table, const std::vector<ListedInode>& entries) {
  const bool indexed = deserves_index(entries);
  Listing listing;
  listing.place = table.place();
  std::uint32_t indexed_block = listing.place.block;
  for (std::span<const ListedInode> rest = entries; !rest.empty();) {
    const MetadataPlace place = table.place();
    // A run ends with its metadata block, so that each block has a header of its own
    // and finding a name takes reading one block.
    const std::size_t room =
        indexed ? format::kMetadataBlockSize - place.offset : SIZE_MAX;
    const auto run = first_run(rest, room);
    if (indexed && place.block != indexed_block && listing.index.size() < UINT16_MAX) {
      listing.index.push_back(
          {static_cast<std::uint32_t>(listing.size), place.block, run.front().name});
      indexed_block = place.block;
    }
    const base::Bytes bytes = encode_run(run);
    table.append(bytes);
    listing.size += bytes.size();
    rest = rest.subspan(run.size());
  }
  return listing;
}

}  // namespace xar::squashfs
