// SPDX-License-Identifier: BSD-2-Clause
// Decompressed blocks that are likely to be wanted again. Decompressing is what
// reading an image costs: many small files share one fragment block, and readers
// ask for less than a block at a time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "xar/base/bytes.hpp"

namespace xar::image {

// One block's content, and where in the image the stored block ends.
struct Block {
  base::Buffer content;
  std::uint64_t end = 0;
};

using SharedBlock = std::shared_ptr<const Block>;

// Keeps the blocks used last, up to `capacity` bytes of content. Safe to use from
// several threads; blocks handed out stay valid after they are forgotten here.
class BlockCache {
 public:
  explicit BlockCache(std::size_t capacity) : capacity_(capacity) {}

  // The block at `position`, by `load` if it is not here. Several threads that
  // want the same one wait for a single load, each after it has called `before_waiting`,
  // which may be empty and must not come back here. Throws what `load` throws.
  SharedBlock get(std::uint64_t position, const std::function<Block()>& load,
                  const std::function<void()>& before_waiting = {});

  // Forgets all blocks.
  void clear();

 private:
  struct Entry {
    std::uint64_t position;
    SharedBlock block;
  };
  class Loading;

  SharedBlock find(std::uint64_t position);
  void keep(std::uint64_t position, const SharedBlock& block);

  std::mutex mutex_;
  std::condition_variable loaded_;
  std::unordered_set<std::uint64_t> loading_;
  std::list<Entry> entries_;  // the one used last first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> by_position_;
  std::size_t size_ = 0;
  const std::size_t capacity_;
};

}  // namespace xar::image
