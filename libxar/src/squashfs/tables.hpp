// SPDX-License-Identifier: BSD-2-Clause
// The lookup tables at an image's end, and the id table's content.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "squashfs/compressor.hpp"
#include "squashfs/output.hpp"

namespace xar::squashfs {

// Writes `entries` in metadata blocks and behind them the list of those blocks'
// positions. Returns where the list begins, which is what the superblock wants.
std::uint64_t write_lookup_table(Output& output, Compressor& compressor,
                                 base::ByteView entries);

// The users and groups of an image; inodes name them by their index.
class IdTable {
 public:
  // The index of `id`, which is added if it is new. Throws base::Error for one too
  // many.
  std::uint16_t index_of(std::uint32_t id);

  [[nodiscard]] const std::vector<std::uint32_t>& ids() const { return ids_; }

 private:
  std::vector<std::uint32_t> ids_;
  std::unordered_map<std::uint32_t, std::uint16_t> indexes_;
};

}  // namespace xar::squashfs
