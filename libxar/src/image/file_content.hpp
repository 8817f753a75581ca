// SPDX-License-Identifier: BSD-2-Clause
// The content of regular files: whole blocks, holes, and a tail that may share a
// fragment block with other files' tails.
#pragma once

#include <cstdint>
#include <vector>

#include "image/block_list.hpp"
#include "image/lookup_table.hpp"
#include "xar/image/serving.hpp"

namespace xar::image {

// Safe to use from several threads.
class FileContent {
 public:
  // The store must outlive this. Throws Error if the fragment table is damaged.
  explicit FileContent(const BlockStore& store);

  // The content of `file`, the regular file's inode at `reference`, from `offset` on: at
  // most `size` bytes, fewer at its end only. Throws Failure if the image is corrupt,
  // SystemError if it cannot be read.
  std::vector<Piece> pieces(InodeReference reference, const Inode& file,
                            std::uint64_t offset, std::size_t size);

  // How many bytes from `offset` on, at most `limit`, are holes of whole blocks. Throws
  // as pieces().
  std::uint64_t hole(InodeReference reference, const Inode& file, std::uint64_t offset,
                     std::uint64_t limit);

  // Loads a fragment block. Throws as pieces().
  void prefetch_fragment(std::uint32_t index) const;

 private:
  [[nodiscard]] StoredBlock fragment_block(std::uint32_t index) const;

  const BlockStore& store_;
  LookupTable fragments_;
  Waypoints waypoints_;
};

}  // namespace xar::image
