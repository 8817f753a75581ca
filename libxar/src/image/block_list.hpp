// SPDX-License-Identifier: BSD-2-Clause
// Where a file's blocks are. The format stores their sizes only; a block's position
// is the sum of the sizes before it. Walking over a thousand sizes costs little
// beside decompressing one block, so only longer files need waypoints.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "image/inode.hpp"

namespace xar::image {

// Walks a file's block list. A value; reading throws Failure if the list is corrupt.
class BlockList {
 public:
  // A block's place, and where its size is in the list.
  struct Waypoint {
    MetadataPlace size;
    std::uint64_t position = 0;
  };

  // Begins at the first block.
  explicit BlockList(const Inode& file)
      : sizes_(file.rest), position_(file.file.first_block) {}
  // Begins at a waypoint. The store must outlive the list.
  BlockList(const BlockStore& store, const Waypoint& waypoint)
      : sizes_(store, waypoint.size), position_(waypoint.position) {}

  [[nodiscard]] Waypoint waypoint() const { return {sizes_.place(), position_}; }

  // The place of the next block.
  StoredBlock next();
  void skip(std::uint64_t count);

 private:
  MetadataCursor sizes_;
  std::uint64_t position_;
};

// Waypoints in the block lists of the long files read last. Safe to use from
// several threads.
class Waypoints {
 public:
  // The block list of `file`, the inode at `reference`, from block `number` on, which
  // must exist. Throws Failure if the list is corrupt.
  BlockList list_from(const BlockStore& store, InodeReference reference,
                      const Inode& file, std::uint64_t number);

 private:
  using Shared = std::shared_ptr<const std::vector<BlockList::Waypoint>>;
  struct Entry {
    InodeReference reference;
    Shared waypoints;
  };

  Shared find(InodeReference reference);
  void keep(InodeReference reference, const Shared& waypoints);

  std::mutex mutex_;
  std::list<Entry> entries_;  // the one used last first
};

// How many blocks `file` has, not counting a tail in a fragment.
std::uint64_t block_count(const Inode& file, std::uint32_t block_size);

}  // namespace xar::image
