// SPDX-License-Identifier: BSD-2-Clause
#include "extract/file_copy.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/inspect.hpp"

namespace xar::extract {
namespace {

// What one thread writes at a time, a multiple of every block size.
constexpr std::uint64_t kPiece = 4 << 20;
// A file's size is the image's word: however large, it is cut into no more pieces.
constexpr std::uint64_t kMaxPieces = 4096;
constexpr std::uint64_t kBuffer = 1 << 20;

std::uint64_t piece_size(std::uint64_t file_size) {
  const std::uint64_t least = file_size / kMaxPieces + 1;
  return (least + kPiece - 1) / kPiece * kPiece;
}

}  // namespace

FileCopy::FileCopy(const image::Image& image, const Destination& destination,
                   const Item& item, base::Fd out)
    : image_(image),
      destination_(destination),
      item_(item),
      out_(std::move(out)),
      has_size_(item.sparse || item.size > kBuffer),
      piece_size_(piece_size(item.size)),
      pieces_(std::max<std::uint64_t>((item.size + piece_size_ - 1) / piece_size_, 1)),
      left_(pieces_) {
  // Pieces may be written in any order, and holes are not written at all.
  if (has_size_ && ::ftruncate(out_.get(), static_cast<off_t>(item.size)) != 0) {
    base::throw_errno("cannot write", destination_.shown(item_));
  }
}

void FileCopy::write(std::uint64_t number, Attributes& attributes,
                     std::atomic<std::uint64_t>& done, const base::Workers& workers) {
  std::uint64_t at = number * piece_size_;
  const std::uint64_t end = std::min(item_.size, at + piece_size_);
  base::Bytes buffer(static_cast<std::size_t>(std::min(kBuffer, end - at)));
  while (at < end) {
    if (workers.is_ending()) return;
    const std::uint64_t zeros = hole(at, end - at);
    const auto part = std::span(buffer).first(static_cast<std::size_t>(
        zeros > 0 ? 0 : std::min<std::uint64_t>(buffer.size(), end - at)));
    if (zeros == 0) {
      read(at, part);
      write_content(at, part);
    }
    at += zeros + part.size();
    done += zeros + part.size();
  }
  if (--left_ == 0) attributes.set(out_.get(), item_);
}

// How much from `offset` on is a hole that need not be read.
std::uint64_t FileCopy::hole(std::uint64_t offset, std::uint64_t limit) const {
  if (!has_size_) return 0;
  std::uint64_t size = 0;
  const int error = image_.hole(item_.inode, offset, limit, size);
  if (error != 0)
    inspect::throw_unreadable(image_, destination_.plan().path_of(item_), error);
  return size;
}

void FileCopy::read(std::uint64_t offset, std::span<std::byte> out) const {
  std::size_t got = 0;
  const int error = image_.read(item_.inode, offset, out, got);
  if (error == 0 && got == out.size()) return;
  inspect::throw_unreadable(image_, destination_.plan().path_of(item_),
                            error != 0 ? error : EIO);
}

void FileCopy::write_content(std::uint64_t offset, base::ByteView content) const {
  const auto put = [&](base::ByteView bytes) {
    try {
      base::write_at(out_.get(), offset, bytes, "");
    } catch (const base::SystemError& error) {
      throw base::SystemError(error.number(), "cannot write", destination_.shown(item_));
    }
  };
  if (!item_.sparse) return put(content);
  while (!content.empty()) {
    const auto block =
        content.first(std::min<std::size_t>(content.size(), item_.block_size));
    if (!base::is_all_zero(block)) put(block);
    offset += block.size();
    content = content.subspan(block.size());
  }
}

}  // namespace xar::extract
