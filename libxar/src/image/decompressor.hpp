// SPDX-License-Identifier: BSD-2-Clause
// Decompresses blocks with libsquashfuse's decompressors, except for zstd: there it makes
// a context for each block, whose memory the kernel gives page by page, which on some
// virtual machines takes a quarter as long as decompressing. So contexts are kept here,
// and the memory that stored blocks are read into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>

#include "image/squashfuse.hpp"

namespace xar::image {

// Safe to use from several threads.
class Decompressor {
 public:
  // `compression` is the superblock's, one that libsquashfuse knows.
  explicit Decompressor(std::uint16_t compression);
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // Has `read` fill the memory it is given with a block's `stored` bytes, at most as many
  // as `out` has, and decompresses them into `out`. Returns the content's size. Throws
  // Failure if they are corrupt, and what `read` throws.
  std::size_t decompress(std::size_t stored,
                         const std::function<void(std::span<std::byte>)>& read,
                         std::span<std::byte> out);

  // Gives back the memory that is kept.
  void clear();

 private:
  struct Workspace;
  class Loan;

  std::size_t run(Workspace& workspace, std::span<std::byte> stored,
                  std::span<std::byte> out) const;

  const sqfs_decompressor other_;  // none for zstd
  std::mutex mutex_;
  std::unique_ptr<Workspace> unused_;
};

}  // namespace xar::image
