// SPDX-License-Identifier: BSD-2-Clause
// A file cut into blocks, with those of zeros recognised whether the file system knows
// of them or not.
#pragma once

#include <cstdint>

#include "squashfs/content_reader.hpp"

namespace xar::squashfs {

class BlockCutter {
 public:
  // Goes through the `size` bytes of `content`, which must outlive the cutter.
  BlockCutter(ContentReader& content, std::uint64_t size, std::uint32_t block_size)
      : content_(content), rest_(size), block_size_(block_size) {}

  // Whether there is a whole block left.
  [[nodiscard]] bool has_block() const { return rest_ >= block_size_; }

  // Reads the next block into the empty `block` and returns 0, or leaves it empty,
  // passes over blocks of zeros and returns how many. Throws as ContentReader::read().
  std::uint64_t next(base::Bytes& block);

  // Passes over all blocks that are left.
  void skip_blocks();

  // Bytes behind the last whole block.
  [[nodiscard]] std::uint32_t tail() const {
    return static_cast<std::uint32_t>(rest_ % block_size_);
  }

 private:
  ContentReader& content_;
  std::uint64_t rest_;
  std::uint32_t block_size_;
};

}  // namespace xar::squashfs
