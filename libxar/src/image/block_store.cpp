// SPDX-License-Identifier: BSD-2-Clause
#include "image/block_store.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <utility>

#include "image/failure.hpp"
#include "xar/base/file.hpp"

namespace xar::image {
namespace {

// What of the cache is for metadata, which is wanted again more often: an image of
// 40,000 files has some 2 MiB of it.
constexpr std::size_t kMetadataPart = 16;

// This part of a block's memory may be unused; to copy it would cost more.
constexpr std::size_t kWaste = 8;

// Bytes that a disk reads in one go sooner than in pieces as they are asked for.
constexpr std::uint64_t kSmallImage = std::uint64_t{16} << 20;

// Gets the memory of a large buffer from the kernel at once. To touch it page by page
// takes longer than to decompress into it, many times so on some virtual machines.
// Kernels before 5.14 refuse, and it is touched then.
void prefault(std::span<std::byte> memory) {
#ifdef MADV_POPULATE_WRITE
  constexpr std::uintptr_t kPage = 4096;
  const auto begin = reinterpret_cast<std::uintptr_t>(memory.data());
  const std::uintptr_t first = (begin + kPage - 1) / kPage * kPage;
  const std::uintptr_t last = (begin + memory.size()) / kPage * kPage;
  if (last <= first + kPage) return;
  ::madvise(reinterpret_cast<void*>(first), last - first, MADV_POPULATE_WRITE);
#endif
}

}  // namespace

BlockStore::BlockStore(base::Fd fd, std::uint64_t offset, std::filesystem::path name,
                       std::size_t cache_size)
    : fd_(std::move(fd)),
      guard_(fd_.get()),
      offset_(offset),
      name_(std::move(name)),
      superblock_(read_superblock(fd_.get(), offset_, name_)),
      decompressor_(superblock_.compression),
      metadata_(cache_size / kMetadataPart),
      data_(cache_size - cache_size / kMetadataPart) {}

// The file is looked at after it has been read: what was written before is noticed then.
void BlockStore::read(std::uint64_t position, std::span<std::byte> out) const {
  read_unguarded(position, out);
  require(guard_.is_intact(compare_));
}

void BlockStore::read_unguarded(std::uint64_t position, std::span<std::byte> out) const {
  require(position <= superblock_.bytes_used &&
          out.size() <= superblock_.bytes_used - position);
  // Short only if the file was truncated since it was opened.
  require(base::read_at(fd_.get(), offset_ + position, out, name_) == out.size());
}

SharedBlock BlockStore::metadata(std::uint64_t position) const {
  return metadata_.get(position, [&] { return read_metadata(position); });
}

SharedBlock BlockStore::data(const StoredBlock& where) const {
  const auto load = [&] {
    announce_work();
    return read_block(where.position, where.size(), where.compressed(),
                      superblock_.block_size);
  };
  // What two files say of one position must not become what the first of them says.
  require(where.position <= superblock_.bytes_used);
  const std::uint64_t key = where.position << 1 | (where.compressed() ? 1 : 0);
  SharedBlock block = data_.get(key, load, before_working_);
  require(block->end == where.position + where.size());
  return block;
}

// The tables stand at the end, one behind the other.
void BlockStore::read_ahead() const {
  const std::uint64_t end = superblock_.bytes_used;
  const std::uint64_t tables = std::min(superblock_.inode_table_start, end);
  const std::uint64_t from = end <= kSmallImage ? 0 : tables;
  const std::uint64_t size = std::min(end - from, kSmallImage);
  ::posix_fadvise(fd_.get(), static_cast<off_t>(offset_ + from), static_cast<off_t>(size),
                  POSIX_FADV_WILLNEED);
}

void BlockStore::drop_caches() const {
  metadata_.clear();
  data_.clear();
  decompressor_.clear();
}

Block BlockStore::read_metadata(std::uint64_t position) const {
  std::array<std::byte, sizeof(std::uint16_t)> header{};
  read_unguarded(position, header);
  const auto word = base::load_le<std::uint16_t>(header);
  const bool compressed = (word & SQUASHFS_COMPRESSED_BIT) == 0;
  const std::size_t stored = word & ~static_cast<unsigned>(SQUASHFS_COMPRESSED_BIT);
  return read_block(position + sizeof(word), stored, compressed, SQUASHFS_METADATA_SIZE);
}

Block BlockStore::read_block(std::uint64_t position, std::size_t stored, bool compressed,
                             std::size_t limit) const {
  // Writers store a block as it is where compression would not make it smaller.
  require(stored > 0 && stored <= limit);
  const auto read_to = [&](std::span<std::byte> out) { read(position, out); };
  const std::uint64_t end = position + stored;
  if (!compressed) {
    base::Buffer bytes(stored);
    read_to(bytes.bytes());
    return {std::move(bytes), end};
  }
  base::Buffer content(limit);
  if (limit > SQUASHFS_METADATA_SIZE) prefault(content.bytes());
  const std::size_t size = decompressor_.decompress(stored, read_to, content.bytes());
  // The cache counts content, so a short block must not occupy a long one's memory.
  if (size > limit - limit / kWaste) {
    content.truncate(size);
    return {std::move(content), end};
  }
  base::Buffer fitting(size);
  std::copy_n(content.data(), size, fitting.data());
  return {std::move(fitting), end};
}

}  // namespace xar::image
