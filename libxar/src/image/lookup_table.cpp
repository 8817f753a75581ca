// SPDX-License-Identifier: BSD-2-Clause
#include "image/lookup_table.hpp"

#include "image/failure.hpp"

namespace xar::image {

LookupTable::LookupTable(const BlockStore& store, std::uint64_t start,
                         std::uint32_t count, std::size_t entry_size,
                         std::string_view part)
    : store_(&store), count_(count), entry_size_(entry_size) {
  if (count == 0) return;
  const Superblock& superblock = store.superblock();
  const std::uint64_t bytes = std::uint64_t{count} * entry_size;
  const std::uint64_t blocks = (bytes - 1) / SQUASHFS_METADATA_SIZE + 1;
  if (blocks > (superblock.bytes_used - start) / sizeof(std::uint64_t)) {
    throw_damaged(store.name(), part);
  }
  base::Bytes list(static_cast<std::size_t>(blocks) * sizeof(std::uint64_t));
  store.read(start, list);
  blocks_.reserve(static_cast<std::size_t>(blocks));
  for (base::ByteView rest = list; !rest.empty();
       rest = rest.subspan(sizeof(std::uint64_t))) {
    const auto position = base::load_le<std::uint64_t>(rest);
    if (position < sizeof(squashfs_super_block) || position >= start) {
      throw_damaged(store.name(), part);
    }
    blocks_.push_back(position);
  }
}

MetadataCursor LookupTable::entry(std::uint32_t index) const {
  require(index < count_);
  const std::uint64_t at = std::uint64_t{index} * entry_size_;
  const auto block = static_cast<std::size_t>(at / SQUASHFS_METADATA_SIZE);
  return {*store_,
          {blocks_[block], static_cast<std::size_t>(at % SQUASHFS_METADATA_SIZE)}};
}

}  // namespace xar::image
