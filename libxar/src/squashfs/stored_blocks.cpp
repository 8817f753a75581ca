// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/stored_blocks.hpp"

namespace xar::squashfs {

std::size_t StoredBlocks::add(const digest::Blake2b& content) {
  const std::size_t index = blocks_.size();
  blocks_.push_back({content, 0, 0});
  first_.try_emplace(content, index);
  return index;
}

std::optional<std::size_t> StoredBlocks::find(const digest::Blake2b& content) const {
  const auto found = first_.find(content);
  if (found == first_.end()) return std::nullopt;
  return found->second;
}

}  // namespace xar::squashfs
