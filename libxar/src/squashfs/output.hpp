// SPDX-License-Identifier: BSD-2-Clause
// Where the image goes: a file from some offset on, written front to back except
// for the superblock.
#pragma once

#include <cstdint>
#include <filesystem>

#include "xar/base/bytes.hpp"
#include "xar/base/file.hpp"

namespace xar::squashfs {

class Output {
 public:
  // Borrows `fd`; `name` is for messages.
  Output(int fd, std::uint64_t offset, const std::filesystem::path& name)
      : fd_(fd), offset_(offset), name_(name) {}

  // Bytes from the image's beginning to where append() writes next.
  [[nodiscard]] std::uint64_t position() const { return position_; }

  void append(base::ByteView bytes) {
    base::write_at(fd_, offset_ + position_, bytes, name_);
    position_ += bytes.size();
  }

  // Leaves room that write_at() is to fill.
  void skip(std::uint64_t size) { position_ += size; }

  void write_at(std::uint64_t position, base::ByteView bytes) {
    base::write_at(fd_, offset_ + position, bytes, name_);
  }

 private:
  int fd_;
  std::uint64_t offset_;
  const std::filesystem::path& name_;
  std::uint64_t position_ = 0;
};

}  // namespace xar::squashfs
