// SPDX-License-Identifier: BSD-2-Clause
// Memory of the blocks that the image holds already, in their order. A file's blocks
// must stand one after the other, so it can share what is there exactly if all of its
// blocks stand somewhere in a row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "xar/digest.hpp"

namespace xar::squashfs {

class StoredBlocks {
 public:
  // How many there are: the index of the next.
  [[nodiscard]] std::size_t size() const { return blocks_.size(); }

  // The next block of content is this. Returns its index.
  std::size_t add(const digest::Blake2b& content);

  // Something else comes next: no row of blocks goes across it.
  void add_break() { blocks_.emplace_back(); }

  // The first block of this content.
  [[nodiscard]] std::optional<std::size_t> find(const digest::Blake2b& content) const;

  // Whether there is a block of this index and it is of this content.
  [[nodiscard]] bool is(std::size_t index, const digest::Blake2b& content) const {
    return index < blocks_.size() && blocks_[index].content == content;
  }

  // Where block `index` has been written, and its size as block lists spell it.
  void set_place(std::size_t index, std::uint64_t start, std::uint32_t size) {
    blocks_[index].start = start;
    blocks_[index].stored_size = size;
  }
  [[nodiscard]] std::uint64_t start(std::size_t index) const {
    return blocks_[index].start;
  }
  [[nodiscard]] std::uint32_t stored_size(std::size_t index) const {
    return blocks_[index].stored_size;
  }

 private:
  struct Block {
    std::optional<digest::Blake2b> content;  // none: a break
    std::uint32_t stored_size = 0;
    std::uint64_t start = 0;
  };

  std::vector<Block> blocks_;
  std::unordered_map<digest::Blake2b, std::size_t, digest::Blake2bHash> first_;
};

}  // namespace xar::squashfs
