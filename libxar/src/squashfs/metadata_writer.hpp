// SPDX-License-Identifier: BSD-2-Clause
// Metadata blocks: a table's bytes cut into pieces of 8 KiB, each compressed by
// itself behind its size. Inodes and listings are found by a block's position and an
// offset in what it holds.
#pragma once

#include <cstdint>
#include <vector>

#include "squashfs/compressor.hpp"
#include "xar/base/bytes.hpp"

namespace xar::squashfs {

// A place in a table: the position of a metadata block, counted from the table's
// beginning, and the offset in that block's content.
struct MetadataPlace {
  std::uint32_t block = 0;
  std::uint16_t offset = 0;

  // As inode references are stored.
  [[nodiscard]] std::uint64_t reference() const {
    return std::uint64_t{block} << 16 | offset;
  }
};

// Collects one table in memory. Not thread-safe.
class MetadataWriter {
 public:
  // Borrows the compressor.
  explicit MetadataWriter(Compressor& compressor) : compressor_(compressor) {}

  // Where the next byte goes.
  [[nodiscard]] MetadataPlace place() const;

  // Throws base::Error once the table outgrows its 32-bit positions.
  void append(base::ByteView bytes);

  // Completes the table and returns its bytes.
  const base::Bytes& finish();

  // After finish(): the blocks' positions, counted from the table's beginning.
  [[nodiscard]] const std::vector<std::uint64_t>& blocks() const { return blocks_; }

 private:
  void flush();

  Compressor& compressor_;
  base::Bytes pending_;  // less than a block's content
  base::Bytes packed_;
  base::Bytes table_;
  std::vector<std::uint64_t> blocks_;
};

}  // namespace xar::squashfs
