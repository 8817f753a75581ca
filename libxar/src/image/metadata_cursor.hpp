// SPDX-License-Identifier: BSD-2-Clause
// Reads a table's content forward, as if its metadata blocks were one long run of
// bytes: inodes, listings and block lists cross the blocks' borders as they please.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>

#include "image/block_store.hpp"
#include "xar/base/bytes.hpp"

namespace xar::image {

// A byte of a table: its offset in the content of the block at `position`.
struct MetadataPlace {
  std::uint64_t position = 0;
  std::size_t offset = 0;
};

// A value: a copy goes on from where the original stood. Not to be shared between
// threads. Reading throws Failure where the image ends or is corrupt.
class MetadataCursor {
 public:
  MetadataCursor() = default;
  // Begins at `place`. The store must outlive the cursor.
  MetadataCursor(const BlockStore& store, const MetadataPlace& place)
      : store_(&store), place_(place) {}

  // Where the cursor stands, for another one to begin there. Behind the end of a block
  // that is the beginning of the next one: no cursor may begin at an end.
  [[nodiscard]] MetadataPlace place() const {
    if (block_ && place_.offset == block_->content.size()) return {block_->end, 0};
    return place_;
  }

  void read(std::span<std::byte> out);
  void skip(std::uint64_t count);

  // The next number.
  template <std::unsigned_integral T>
  T take() {
    if (block_ && block_->content.size() - place_.offset >= sizeof(T)) {
      const auto rest = block_->content.view().subspan(place_.offset);
      place_.offset += sizeof(T);
      return base::load_le<T>(rest);
    }
    std::array<std::byte, sizeof(T)> bytes{};
    read(bytes);
    return base::load_le<T>(bytes);
  }

 private:
  base::ByteView available();

  const BlockStore* store_ = nullptr;
  MetadataPlace place_;
  SharedBlock block_;  // the one at place_.position, once it was needed
};

// The most bytes that the metadata blocks from `begin` to `end` of the image hold
// decompressed. Reads what is there, not what it decompresses to. Throws Failure.
std::uint64_t metadata_capacity(const BlockStore& store, std::uint64_t begin,
                                std::uint64_t end);

}  // namespace xar::image
