// SPDX-License-Identifier: BSD-2-Clause
// Numbers of an ELF file, whatever its class and byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "xar/base/bytes.hpp"

namespace xar::elf {

// What an ELF header says of where the rest is.
struct FileHeader {
  std::uint16_t type = 0;
  std::uint16_t machine = 0;
  std::uint64_t segments = 0;  // program headers: position, size and number
  std::uint16_t segment_size = 0;
  std::uint16_t segment_count = 0;
  std::uint64_t sections = 0;  // section headers, the same
  std::uint16_t section_size = 0;
  std::uint16_t section_count = 0;
  std::uint16_t size = 0;  // of the ELF header itself
};

// A part of a file that a program header or a section header describes.
struct Part {
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // in the file
};

// Reads an ELF file's numbers. Whatever lies outside its bytes is absent.
class Reader {
 public:
  // `bytes` are borrowed, and begin with the file's first.
  explicit Reader(base::ByteView bytes);

  // Empty where the bytes are no ELF file of a known class and byte order.
  [[nodiscard]] std::optional<FileHeader> file_header() const;
  [[nodiscard]] std::optional<Part> segment(const FileHeader& header,
                                            std::size_t i) const;
  [[nodiscard]] std::optional<Part> section(const FileHeader& header,
                                            std::size_t i) const;

  [[nodiscard]] std::optional<std::uint32_t> word(std::uint64_t at) const;
  [[nodiscard]] bool is_little_endian() const { return little_; }

 private:
  [[nodiscard]] std::optional<std::uint64_t> number(std::uint64_t at,
                                                    std::size_t size) const;
  // A field that has 4 bytes in a file of 32 bits and 8 in one of 64, at these places.
  [[nodiscard]] std::optional<std::uint64_t> wide(std::uint64_t base, std::size_t at32,
                                                  std::size_t at64) const;

  base::ByteView bytes_;
  bool known_ = false;
  bool is64_ = false;
  bool little_ = false;
};

}  // namespace xar::elf
