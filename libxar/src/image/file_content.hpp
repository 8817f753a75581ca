// SPDX-License-Identifier: BSD-2-Clause
// The content of regular files: whole blocks, holes, and a tail that may share a
// fragment block with other files' tails.
#pragma once

#include <cstdint>
#include <span>

#include "image/block_list.hpp"
#include "image/lookup_table.hpp"

namespace xar::image {

// Safe to use from several threads.
class FileContent {
 public:
  // The store must outlive this. Throws Error if the fragment table is damaged.
  explicit FileContent(const BlockStore& store);

  // Reads up to out.size() bytes from `offset` of `file`, the regular file's inode
  // at `reference`, and returns how many there were. Throws Failure if the image is
  // corrupt, SystemError if it cannot be read.
  std::size_t read(InodeReference reference, const Inode& file, std::uint64_t offset,
                   std::span<std::byte> out);

 private:
  [[nodiscard]] StoredBlock fragment_block(std::uint32_t index) const;

  const BlockStore& store_;
  LookupTable fragments_;
  Waypoints waypoints_;
};

}  // namespace xar::image
