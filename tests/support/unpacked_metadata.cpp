// SPDX-License-Identifier: BSD-2-Clause
#include "support/unpacked_metadata.hpp"

#include <zstd.h>

#include <stdexcept>

namespace xar::test {
namespace {

constexpr std::size_t kBlockSize = 8192;

base::Bytes unpacked_block(base::ByteView stored, bool compressed) {
  base::Bytes block(stored.begin(), stored.end());
  if (compressed) {
    block.resize(kBlockSize);
    const std::size_t size =
        ZSTD_decompress(block.data(), block.size(), stored.data(), stored.size());
    if (ZSTD_isError(size) != 0) throw std::runtime_error("a block is damaged");
    block.resize(size);
  }
  if (block.empty() || block.size() > kBlockSize) {
    throw std::runtime_error("a block has a bad size");
  }
  return block;
}

}  // namespace

base::Bytes unpacked_metadata(base::ByteView table) {
  base::Bytes content;
  while (!table.empty()) {
    if (content.size() % kBlockSize != 0) throw std::runtime_error("a block is not full");
    const auto head = base::load_le<std::uint16_t>(table);
    const std::size_t size = head & 0x7FFFU;
    if (table.size() < 2 + size) throw std::runtime_error("a block is cut short");
    base::append(content, unpacked_block(table.subspan(2, size), (head & 0x8000U) == 0));
    table = table.subspan(2 + size);
  }
  return content;
}

}  // namespace xar::test
