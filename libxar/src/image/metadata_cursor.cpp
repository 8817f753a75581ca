// SPDX-License-Identifier: BSD-2-Clause
#include "image/metadata_cursor.hpp"

#include <algorithm>
#include <utility>

#include "image/failure.hpp"

namespace xar::image {

void MetadataCursor::read(std::span<std::byte> out) {
  while (!out.empty()) {
    const base::ByteView here = available();
    const std::size_t count = std::min(here.size(), out.size());
    std::copy_n(here.begin(), count, out.begin());
    place_.offset += count;
    out = out.subspan(count);
  }
}

void MetadataCursor::skip(std::uint64_t count) {
  while (count > 0) {
    const auto step = std::min<std::uint64_t>(available().size(), count);
    place_.offset += static_cast<std::size_t>(step);
    count -= step;
  }
}

// What is left of the block under the cursor: the next one if that is used up.
base::ByteView MetadataCursor::available() {
  if (block_ && place_.offset == block_->content.size()) {
    place_ = {block_->end, 0};
    block_.reset();
  }
  if (!block_) {
    SharedBlock block = store_->metadata(place_.position);
    require(place_.offset < block->content.size());
    block_ = std::move(block);
  }
  return block_->content.view().subspan(place_.offset);
}

std::uint64_t metadata_capacity(const BlockStore& store, std::uint64_t begin,
                                std::uint64_t end) {
  constexpr std::uint64_t kHeader = sizeof(std::uint16_t);
  constexpr std::uint64_t kWindow = 1 << 16;
  base::Bytes window;
  std::uint64_t window_begin = 0;
  std::uint64_t blocks = 0;
  while (begin < end && end - begin >= kHeader) {
    if (window.empty() || begin - window_begin + kHeader > window.size()) {
      window.resize(static_cast<std::size_t>(std::min(kWindow, end - begin)));
      window_begin = begin;
      store.read(window_begin, window);
    }
    const auto word = base::load_le<std::uint16_t>(
        base::ByteView(window).subspan(static_cast<std::size_t>(begin - window_begin)));
    begin += kHeader + (word & ~static_cast<unsigned>(SQUASHFS_COMPRESSED_BIT));
    ++blocks;
  }
  return blocks * SQUASHFS_METADATA_SIZE;
}

}  // namespace xar::image
