// SPDX-License-Identifier: BSD-2-Clause
// What a server needs of an image besides reading it. Not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "xar/image.hpp"

namespace xar::image {

// A part of a file's content in memory. It stays there as long as `owner` exists, or for
// ever if there is no owner.
struct Piece {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};

// The server's functions of an image, which must outlive this. Safe to use from several
// threads at once, but for the two that say otherwise. Errors are as Image's.
class Serving {
 public:
  explicit Serving(const Image& image) : state_(*image.state_) {}

  // The fragment block that contains all of a small regular file's content, beside that
  // of other files, which is decompressed with it. `out` stays empty for any other inode.
  int fragment(InodeReference inode, std::optional<std::uint32_t>& out) const;

  // Decompresses that fragment block into the cache. It need not exist.
  void prefetch_fragment(std::uint32_t fragment) const;

  // As Image::read(), without copying: `out` is the content in order, at least one piece
  // a block, together at most `size` bytes, fewer only at the end of the file.
  int pieces(InodeReference file, std::uint64_t offset, std::size_t size,
             std::vector<Piece>& out) const;

  // Asks the kernel to read from the disk, in the background, what is used first: the
  // tables, and all of a small image.
  void read_ahead() const;

  // Sets a function that each thread calls before it decompresses content, or waits for a
  // thread that does: both take far longer than all else. It must not throw. Not to be
  // called while other threads use the image.
  void before_decompressing(std::function<void()> call) const;

  // Sets a function that decides whether the image's file still has its first content.
  // A thread that reads calls it when the file's size or times have changed, while other
  // readers wait, with the open file, the image's offset in it, and the file's bytes
  // behind that. As long as it returns false, reading fails with EIO. Without a function,
  // another size or modification time is other content. Not to be called while other
  // threads use the image.
  void compare_content(
      std::function<bool(int fd, std::uint64_t offset, std::uint64_t size)> same) const;

  // Whether reading fails because the file has been written to.
  [[nodiscard]] bool is_overwritten() const;

  // Frees the memory of everything that can be read again.
  void drop_caches() const;

 private:
  Image::State& state_;
};

}  // namespace xar::image
