// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/block_cutter.hpp"

namespace xar::squashfs {
std::uint64_t BlockCutter::next(base::Bytes& block) {
  if (const std::uint64_t holes = content_.hole(rest_) / block_size_; holes > 0) {
    content_.skip(holes * block_size_);
    rest_ -= holes * block_size_;
    return holes;
  }
  content_.read(block_size_, block);
  rest_ -= block_size_;
  if (!base::is_all_zero(block)) return 0;
  block.clear();
  return 1;
}

void BlockCutter::skip_blocks() {
  const std::uint64_t blocks = rest_ / block_size_ * block_size_;
  content_.skip(blocks);
  rest_ -= blocks;
}

}  // namespace xar::squashfs
