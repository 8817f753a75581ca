// SPDX-License-Identifier: BSD-2-Clause
// Decompresses what is likely to be wanted next while the program that wants it is busy
// with what it has. Writers pack small files in the order in which trees are read, so
// that is the fragment block after the one being read; in large files the kernel reads
// ahead by itself.
#pragma once

#include <cstdint>
#include <mutex>

#include "fuse/turn.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

// Safe to use from several threads.
class Ahead {
 public:
  // Both must outlive it.
  Ahead(const image::Image& image, Turn& turn) : image_(image), turn_(turn) {}

  // A file in this fragment block is about to be read. Returns whether that is the first
  // one in the block after the one before: then another thread may take requests from
  // here on, and this one is to prepare the next block when it has replied.
  bool goes_on(std::uint32_t fragment);

  void prepare_next(std::uint32_t fragment) const {
    image_.prepare_fragment(fragment + 1);
  }

 private:
  const image::Image& image_;
  Turn& turn_;
  std::mutex mutex_;
  std::uint32_t latest_ = 0;
};

}  // namespace xar::fuse
