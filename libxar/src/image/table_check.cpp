// SPDX-License-Identifier: BSD-2-Clause
#include "image/table_check.hpp"

#include <array>

#include "image/failure.hpp"

namespace xar::image {
namespace {

constexpr std::uint64_t kPosition = sizeof(std::uint64_t);
constexpr std::uint64_t kMaxStored = SQUASHFS_METADATA_SIZE + 2;  // with its size
constexpr auto kAbsent = static_cast<std::uint64_t>(SQUASHFS_INVALID_BLK);

std::uint64_t read_number(const BlockStore& store, std::uint64_t position) {
  std::array<std::byte, sizeof(std::uint64_t)> bytes{};
  store.read(position, bytes);
  return base::load_le<std::uint64_t>(bytes);
}

// Bytes of the list of a table's blocks.
std::uint64_t list_size(std::uint64_t count, std::uint64_t entry_size) {
  const std::uint64_t bytes = count * entry_size;
  return (bytes + SQUASHFS_METADATA_SIZE - 1) / SQUASHFS_METADATA_SIZE * kPosition;
}

void check_stored(std::uint64_t begin, std::uint64_t end) {
  require(begin < end && end - begin <= kMaxStored);
}

// A list that fills what is from `start` to `end`, directly behind the last of its
// blocks. Returns where the first block begins.
std::uint64_t check_list(const BlockStore& store, std::uint64_t start, std::uint64_t size,
                         std::uint64_t end) {
  require(size > 0 && start < end && end - start == size);
  base::Bytes list(static_cast<std::size_t>(size));
  store.read(start, list);
  const base::ByteView view(list);
  std::uint64_t next = start;
  for (std::size_t at = list.size(); at > 0;) {
    at -= kPosition;
    const auto block = base::load_le<std::uint64_t>(view.subspan(at));
    check_stored(block, next);
    next = block;
  }
  return next;
}

// Returns where what is in front of the attributes ends.
std::uint64_t check_xattrs(const BlockStore& store) {
  const Superblock& superblock = store.superblock();
  const std::uint64_t head = superblock.xattr_id_table_start;
  if (head == kAbsent) return superblock.bytes_used;
  constexpr std::uint64_t kHeadSize = 16;
  constexpr std::uint64_t kSetSize = 16;
  const std::uint64_t values = read_number(store, head);
  const std::uint64_t count = read_number(store, head + kPosition) & UINT32_MAX;
  const std::uint64_t first = check_list(
      store, head + kHeadSize, list_size(count, kSetSize), superblock.bytes_used);
  require(values < first);
  return values;
}

// Of fragments the kernel does not demand that their list ends where the next table
// begins.
std::uint64_t check_fragments(const BlockStore& store, std::uint64_t end) {
  const Superblock& superblock = store.superblock();
  if (superblock.fragments == 0) return end;
  const std::uint64_t start = superblock.fragment_table_start;
  const std::uint64_t size =
      list_size(superblock.fragments, sizeof(squashfs_fragment_entry));
  require(start < end && size <= end - start);
  const std::uint64_t first = read_number(store, start);
  require(first < start);
  return first;
}

}  // namespace

void check_tables(const BlockStore& store) {
  const Superblock& superblock = store.superblock();
  std::uint64_t end = check_xattrs(store);
  end = check_list(store, superblock.id_table_start,
                   list_size(superblock.ids, sizeof(std::uint32_t)), end);
  if (superblock.lookup_table_start != kAbsent) {
    end = check_list(store, superblock.lookup_table_start,
                     list_size(superblock.inodes, sizeof(std::uint64_t)), end);
  }
  end = check_fragments(store, end);
  require(superblock.directory_table_start <= end);
}

}  // namespace xar::image
