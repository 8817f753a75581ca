// SPDX-License-Identifier: BSD-2-Clause
#include "image/file_content.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "image/failure.hpp"

namespace xar::image {
namespace {

// What a hole in a file reads as, a page at a time.
constexpr std::array<std::byte, 4096> kZeros{};

void add_hole(std::size_t size, std::vector<Piece>& out) {
  while (size > 0) {
    const std::size_t here = std::min(size, kZeros.size());
    out.push_back({nullptr, base::ByteView(kZeros).first(here)});
    size -= here;
  }
}

// `size` bytes of a block's content from `offset` on.
void add_part(SharedBlock block, std::uint64_t offset, std::size_t size,
              std::vector<Piece>& out) {
  const base::ByteView content = block->content.view();
  require(offset <= content.size() && size <= content.size() - offset);
  const auto part = content.subspan(static_cast<std::size_t>(offset), size);
  out.push_back({std::move(block), part});
}

}  // namespace

FileContent::FileContent(const BlockStore& store)
    : store_(store),
      fragments_(store, store.superblock().fragment_table_start,
                 store.superblock().fragments, sizeof(squashfs_fragment_entry),
                 "fragment table") {}

std::vector<Piece> FileContent::pieces(InodeReference reference, const Inode& file,
                                       std::uint64_t offset, std::size_t size) {
  std::vector<Piece> pieces;
  if (offset >= file.size) return pieces;
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, file.size - offset));
  const std::uint64_t block_size = store_.superblock().block_size;
  const std::uint64_t blocks = block_count(file, store_.superblock().block_size);
  std::uint64_t number = offset / block_size;
  std::uint64_t within = offset % block_size;
  BlockList list(file);
  if (size > 0 && number < blocks) {
    list = waypoints_.list_from(store_, reference, file, number);
  }

  for (; size > 0; ++number, within = 0) {
    const auto part =
        static_cast<std::size_t>(std::min<std::uint64_t>(size, block_size - within));
    size -= part;
    if (number >= blocks) {
      const StoredBlock fragment = fragment_block(file.file.fragment);
      add_part(store_.data(fragment), file.file.fragment_offset + within, part, pieces);
    } else if (const StoredBlock block = list.next(); block.size() == 0) {
      add_hole(part, pieces);
    } else {
      const SharedBlock content = store_.data(block);
      // The kernel takes no block of another length.
      require(content->content.size() ==
              std::min(block_size, file.size - number * block_size));
      add_part(content, within, part, pieces);
    }
  }
  return pieces;
}

std::uint64_t FileContent::hole(InodeReference reference, const Inode& file,
                                std::uint64_t offset, std::uint64_t limit) {
  const std::uint64_t block_size = store_.superblock().block_size;
  const std::uint64_t blocks = block_count(file, store_.superblock().block_size);
  std::uint64_t number = offset / block_size;
  if (offset >= file.size || number >= blocks) return 0;
  limit = std::min(limit, file.size - offset);
  BlockList list = waypoints_.list_from(store_, reference, file, number);
  std::uint64_t size = 0;
  while (size < limit && number < blocks && list.next().size() == 0) {
    size = ++number * block_size - offset;
  }
  return std::min(size, limit);
}

void FileContent::prefetch_fragment(std::uint32_t index) const {
  static_cast<void>(store_.data(fragment_block(index)));
}

StoredBlock FileContent::fragment_block(std::uint32_t index) const {
  MetadataCursor in = fragments_.entry(index);
  const auto position = in.take<std::uint64_t>();
  const auto size_word = in.take<std::uint32_t>();
  in.skip(sizeof(std::uint32_t));  // of no use, but there
  return {position, size_word};
}

}  // namespace xar::image
