// SPDX-License-Identifier: BSD-2-Clause
// The image as a store of blocks: metadata blocks, which carry their size in front,
// and data blocks, whose sizes are kept elsewhere. Whatever the image says about
// sizes and positions is checked here, before bytes are read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <utility>

#include "image/block_cache.hpp"
#include "image/decompressor.hpp"
#include "image/file_guard.hpp"
#include "image/superblock.hpp"
#include "xar/base/fd.hpp"

namespace xar::image {

// Where a data block is stored, and its size as the format encodes it.
struct StoredBlock {
  std::uint64_t position = 0;
  std::uint32_t size_word = 0;  // bit 24: stored uncompressed

  // Bytes in the image; 0 for a hole in a sparse file.
  [[nodiscard]] std::uint32_t size() const {
    return size_word & ~static_cast<std::uint32_t>(SQUASHFS_COMPRESSED_BIT_BLOCK);
  }
  [[nodiscard]] bool compressed() const {
    return (size_word & SQUASHFS_COMPRESSED_BIT_BLOCK) == 0;
  }
};

// Safe to use from several threads. The reading functions throw Failure for a
// corrupt image and SystemError if the file cannot be read.
class BlockStore {
 public:
  // Opens the store at byte `offset` of `fd`. Throws Error as read_superblock does.
  // `cache_size` is in bytes of content.
  BlockStore(base::Fd fd, std::uint64_t offset, std::filesystem::path name,
             std::size_t cache_size);

  [[nodiscard]] const Superblock& superblock() const { return superblock_; }
  [[nodiscard]] const std::filesystem::path& name() const { return name_; }

  // Fills `out` with the bytes at `position` of the image. Throws Failure, too, once the
  // file has been overwritten.
  void read(std::uint64_t position, std::span<std::byte> out) const;

  // The metadata block that begins at `position`: 1 to 8192 bytes.
  [[nodiscard]] SharedBlock metadata(std::uint64_t position) const;

  // The data or fragment block stored at `where`, at most one block size long.
  [[nodiscard]] SharedBlock data(const StoredBlock& where) const;

  // See Image::compare_content() and Image::is_overwritten().
  void compare_content(FileGuard::Compare compare) { compare_ = std::move(compare); }
  [[nodiscard]] bool is_overwritten() const { return guard_.has_changed(); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint64_t file_size() const { return guard_.size(); }

  // Has `call` called by whoever loads a data block, waits for one that another thread
  // loads, or announces work, before. Not while others read.
  void before_working(std::function<void()> call) { before_working_ = std::move(call); }

  // Something else that takes long is about to be done.
  void announce_work() const {
    if (before_working_) before_working_();
  }

  // See Image::read_ahead().
  void read_ahead() const;

  // Empties the caches, and gives back what else is kept.
  void drop_caches() const;

 private:
  void read_unguarded(std::uint64_t position, std::span<std::byte> out) const;
  [[nodiscard]] Block read_metadata(std::uint64_t position) const;
  [[nodiscard]] Block read_block(std::uint64_t position, std::size_t stored,
                                 bool compressed, std::size_t limit) const;

  base::Fd fd_;
  mutable FileGuard guard_;
  FileGuard::Compare compare_;
  std::uint64_t offset_;
  std::filesystem::path name_;
  Superblock superblock_;
  mutable Decompressor decompressor_;
  std::function<void()> before_working_;
  mutable BlockCache metadata_;
  mutable BlockCache data_;
};

}  // namespace xar::image
