// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/directory_writer.hpp"

#include <span>

#include "squashfs/format.hpp"

namespace xar::squashfs {
namespace {

// The longest prefix of `entries` that one header can serve: inodes in one metadata
// block, whose numbers differ from the first's by no more than 16 bits with a sign.
std::size_t run_length(std::span<const ListedInode> entries) {
  const ListedInode& first = entries.front();
  std::size_t length = 1;
  while (length < entries.size() && length < format::kMaxRun) {
    const ListedInode& next = entries[length];
    const std::int64_t delta = std::int64_t{next.number} - std::int64_t{first.number};
    if (next.place.block != first.place.block || delta < INT16_MIN || delta > INT16_MAX)
      break;
    ++length;
  }
  return length;
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
  Listing listing;
  listing.place = table.place();
  std::uint32_t indexed_block = listing.place.block;
  for (std::span<const ListedInode> rest = entries; !rest.empty();) {
    const auto run = rest.first(run_length(rest));
    const std::uint32_t block = table.place().block;
    // A reader steps block by block: one entry for each is enough.
    if (block != indexed_block && listing.index.size() < UINT16_MAX) {
      listing.index.push_back(
          {static_cast<std::uint32_t>(listing.size), block, run.front().name});
      indexed_block = block;
    }
    const base::Bytes bytes = encode_run(run);
    table.append(bytes);
    listing.size += bytes.size();
    rest = rest.subspan(run.size());
  }
  return listing;
}

}  // namespace xar::squashfs
