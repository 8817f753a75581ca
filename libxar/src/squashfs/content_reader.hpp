// SPDX-License-Identifier: BSD-2-Clause
// The content of one regular file, piece by piece, with proof that it is what the
// scan saw: an image of half an old file and half a new one would be worse than none.
#pragma once

#include <cstdint>
#include <memory>

#include "xar/base/bytes.hpp"
#include "xar/tree.hpp"

namespace xar::squashfs {

class ContentReader {
 public:
  // Opens the content, which must outlive the reader. Throws base::Error if it cannot
  // be read or is not what the scan saw.
  static std::unique_ptr<ContentReader> open(const tree::Content& content);
  virtual ~ContentReader() = default;

  // How many bytes from the current position on are surely zero, as far as the
  // file system tells; at most `limit`.
  virtual std::uint64_t hole(std::uint64_t limit) = 0;

  // Passes over a hole.
  virtual void skip(std::uint64_t size) = 0;

  // Appends the next `size` bytes to `out`. Throws base::Error if they are not there.
  virtual void read(std::size_t size, base::Bytes& out) = 0;

  // To be called when all has been read. Throws base::Error if the file is no longer
  // what the scan saw.
  virtual void finish() = 0;
};

}  // namespace xar::squashfs
