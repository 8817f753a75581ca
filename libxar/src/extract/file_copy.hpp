// SPDX-License-Identifier: BSD-2-Clause
// A regular file being written: its content comes in pieces, from several threads if
// it is large, and whoever writes the last one finishes it.
#pragma once

#include <atomic>
#include <cstdint>

#include "extract/attributes.hpp"
#include "extract/plan.hpp"
#include "xar/base/bytes.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/workers.hpp"

namespace xar::extract {

class FileCopy {
 public:
  // Will write `item`, which must outlive this as the others must, into the new file
  // `out`.
  FileCopy(const image::Image& image, const Destination& destination, const Item& item,
           base::Fd out);

  // How many pieces there are, at least one.
  [[nodiscard]] std::uint64_t pieces() const { return pieces_; }

  // Writes piece `number` and adds what it has written to `done`. Each is to be written
  // once; the last to be written also sets the file's attributes. Returns early where
  // `workers` end. Throws base::Error if the image is corrupt, base::SystemError if the
  // file cannot be written.
  void write(std::uint64_t number, Attributes& attributes,
             std::atomic<std::uint64_t>& done, const base::Workers& workers);

 private:
  void read(std::uint64_t offset, std::span<std::byte> out) const;
  void write_content(std::uint64_t offset, base::ByteView content) const;

  [[nodiscard]] std::uint64_t hole(std::uint64_t offset, std::uint64_t limit) const;

  const image::Image& image_;
  const Destination& destination_;
  const Item& item_;
  const base::Fd out_;
  bool has_size_;  // already, so that zeros need not be written
  std::uint64_t piece_size_;
  std::uint64_t pieces_;
  std::atomic<std::uint64_t> left_;
};

}  // namespace xar::extract
