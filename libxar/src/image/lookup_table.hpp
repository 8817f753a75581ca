// SPDX-License-Identifier: BSD-2-Clause
// The id table and the fragment table: entries of one size in metadata blocks,
// found by their index through a list of those blocks' positions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "image/block_store.hpp"
#include "image/metadata_cursor.hpp"

namespace xar::image {

// Unchanging once read, so safe to use from several threads.
class LookupTable {
 public:
  // Reads the list at `start` of a table of `count` entries. The store must outlive
  // the table. Throws Error, naming the table as `part`, if the list is not within
  // the image or points out of it.
  LookupTable(const BlockStore& store, std::uint64_t start, std::uint32_t count,
              std::size_t entry_size, std::string_view part);

  // A cursor at entry `index`. Throws Failure if there is no such entry.
  [[nodiscard]] MetadataCursor entry(std::uint32_t index) const;

 private:
  const BlockStore* store_;
  std::uint32_t count_;
  std::size_t entry_size_;
  std::vector<std::uint64_t> blocks_;
};

}  // namespace xar::image
