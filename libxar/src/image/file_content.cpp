// SPDX-License-Identifier: BSD-2-Clause
#include "image/file_content.hpp"

#include <algorithm>

#include "image/failure.hpp"

namespace xar::image {
namespace {

// Fills `out` from byte `offset` of the content of a block.
void copy(const Block& block, std::uint64_t offset, std::span<std::byte> out) {
  const base::ByteView content = block.content;
  require(offset <= content.size() && out.size() <= content.size() - offset);
  std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(offset), out.size(),
              out.begin());
}

}  // namespace

FileContent::FileContent(const BlockStore& store)
    : store_(store),
      fragments_(store, store.superblock().fragment_table_start,
                 store.superblock().fragments, sizeof(squashfs_fragment_entry),
                 "fragment table") {}

std::size_t FileContent::read(InodeReference reference, const Inode& file,
                              std::uint64_t offset, std::span<std::byte> out) {
  if (offset >= file.size) return 0;
  out = out.first(
      static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), file.size - offset)));
  if (out.empty()) return 0;

  const std::uint64_t block_size = store_.superblock().block_size;
  const std::uint64_t blocks = block_count(file, store_.superblock().block_size);
  std::uint64_t number = offset / block_size;
  std::uint64_t within = offset % block_size;
  BlockList list(file);
  if (number < blocks) list = waypoints_.list_from(store_, reference, file, number);

  for (auto rest = out; !rest.empty(); ++number, within = 0) {
    const auto part = rest.first(static_cast<std::size_t>(
        std::min<std::uint64_t>(rest.size(), block_size - within)));
    rest = rest.subspan(part.size());
    if (number >= blocks) {
      const StoredBlock fragment = fragment_block(file.file.fragment);
      copy(*store_.data(fragment), file.file.fragment_offset + within, part);
    } else if (const StoredBlock block = list.next(); block.size() == 0) {
      std::fill(part.begin(), part.end(), std::byte{0});
    } else {
      copy(*store_.data(block), within, part);
    }
  }
  return out.size();
}

StoredBlock FileContent::fragment_block(std::uint32_t index) const {
  MetadataCursor in = fragments_.entry(index);
  const auto position = in.take<std::uint64_t>();
  const auto size_word = in.take<std::uint32_t>();
  return {position, size_word};
}

}  // namespace xar::image
