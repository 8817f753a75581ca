// SPDX-License-Identifier: BSD-2-Clause
#include "image/block_list.hpp"

#include <algorithm>

#include "image/failure.hpp"

namespace xar::image {
namespace {

// Blocks between two waypoints.
constexpr std::uint64_t kStride = 1024;

// Long files whose waypoints are kept.
constexpr std::size_t kKeptFiles = 16;

// Flags above this bit do not exist.
constexpr unsigned kSizeWordBits = 25;

std::vector<BlockList::Waypoint> waypoints_of(const Inode& file,
                                              std::uint64_t block_count) {
  std::vector<BlockList::Waypoint> waypoints;
  BlockList list(file);
  for (std::uint64_t block = kStride; block < block_count; block += kStride) {
    list.skip(kStride);
    waypoints.push_back(list.waypoint());
  }
  return waypoints;
}

}  // namespace

StoredBlock BlockList::next() {
  const StoredBlock block{position_, sizes_.take<std::uint32_t>()};
  require(block.size_word >> kSizeWordBits == 0);
  // A hole has no flags.
  require(block.size_word == 0 || block.size() > 0);
  position_ += block.size();
  return block;
}

void BlockList::skip(std::uint64_t count) {
  while (count-- > 0) next();
}

BlockList Waypoints::list_from(const BlockStore& store, InodeReference reference,
                               const Inode& file, std::uint64_t number) {
  BlockList list(file);
  if (number >= kStride) {
    Shared waypoints = find(reference);
    if (!waypoints) {
      store.announce_work();
      const std::uint64_t count = block_count(file, store.superblock().block_size);
      waypoints = std::make_shared<const std::vector<BlockList::Waypoint>>(
          waypoints_of(file, count));
      keep(reference, waypoints);
    }
    list = BlockList(store, waypoints->at(number / kStride - 1));
  }
  list.skip(number % kStride);
  return list;
}

Waypoints::Shared Waypoints::find(InodeReference reference) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(
      entries_.begin(), entries_.end(),
      [reference](const Entry& entry) { return entry.reference == reference; });
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found);
  return found->waypoints;
}

void Waypoints::keep(InodeReference reference, const Shared& waypoints) {
  const std::scoped_lock lock(mutex_);
  entries_.push_front({reference, waypoints});
  if (entries_.size() > kKeptFiles) entries_.pop_back();
}

std::uint64_t block_count(const Inode& file, std::uint32_t block_size) {
  const std::uint64_t whole = file.size / block_size;
  const bool tail = file.size % block_size != 0;
  return whole + (tail && file.file.fragment == SQUASHFS_INVALID_FRAG ? 1 : 0);
}

}  // namespace xar::image
