// SPDX-License-Identifier: BSD-2-Clause
#include "elf/fields.hpp"

#include <elf.h>

#include <cstddef>

#include "xar/elf.hpp"

namespace xar::elf {

bool is_elf(base::ByteView front) {
  return base::as_text(front).starts_with(ELFMAG);
}

Reader::Reader(base::ByteView bytes) : bytes_(bytes) {
  if (bytes.size() < EI_NIDENT || !is_elf(bytes)) return;
  const auto width = std::to_integer<unsigned>(bytes[EI_CLASS]);
  const auto order = std::to_integer<unsigned>(bytes[EI_DATA]);
  is64_ = width == ELFCLASS64;
  little_ = order == ELFDATA2LSB;
  known_ = (is64_ || width == ELFCLASS32) && (little_ || order == ELFDATA2MSB);
}

std::optional<std::uint64_t> Reader::number(std::uint64_t at, std::size_t size) const {
  if (at > bytes_.size() || bytes_.size() - at < size) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t from = little_ ? size - 1 - i : i;
    value = value << 8 | std::to_integer<std::uint64_t>(bytes_[at + from]);
  }
  return value;
}

std::optional<std::uint64_t> Reader::wide(std::uint64_t base, std::size_t at32,
                                          std::size_t at64) const {
  return is64_ ? number(base + at64, 8) : number(base + at32, 4);
}

std::optional<std::uint32_t> Reader::word(std::uint64_t at) const {
  const auto value = number(at, 4);
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::optional<FileHeader> Reader::file_header() const {
  const std::size_t size = is64_ ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
  if (!known_ || bytes_.size() < size) return std::nullopt;
  const auto half = [&](std::size_t at32, std::size_t at64) {
    return static_cast<std::uint16_t>(*number(is64_ ? at64 : at32, 2));
  };
  FileHeader header;
  header.type = half(offsetof(Elf32_Ehdr, e_type), offsetof(Elf64_Ehdr, e_type));
  header.machine = half(offsetof(Elf32_Ehdr, e_machine), offsetof(Elf64_Ehdr, e_machine));
  header.segments =
      *wide(0, offsetof(Elf32_Ehdr, e_phoff), offsetof(Elf64_Ehdr, e_phoff));
  header.segment_size =
      half(offsetof(Elf32_Ehdr, e_phentsize), offsetof(Elf64_Ehdr, e_phentsize));
  header.segment_count =
      half(offsetof(Elf32_Ehdr, e_phnum), offsetof(Elf64_Ehdr, e_phnum));
  header.sections =
      *wide(0, offsetof(Elf32_Ehdr, e_shoff), offsetof(Elf64_Ehdr, e_shoff));
  header.section_size =
      half(offsetof(Elf32_Ehdr, e_shentsize), offsetof(Elf64_Ehdr, e_shentsize));
  header.section_count =
      half(offsetof(Elf32_Ehdr, e_shnum), offsetof(Elf64_Ehdr, e_shnum));
  header.size = half(offsetof(Elf32_Ehdr, e_ehsize), offsetof(Elf64_Ehdr, e_ehsize));
  return header;
}

std::optional<Part> Reader::segment(const FileHeader& header, std::size_t i) const {
  const std::uint64_t at = header.segments + i * header.segment_size;
  if (at < header.segments) return std::nullopt;
  const auto type = word(at);
  const auto offset =
      wide(at, offsetof(Elf32_Phdr, p_offset), offsetof(Elf64_Phdr, p_offset));
  const auto size =
      wide(at, offsetof(Elf32_Phdr, p_filesz), offsetof(Elf64_Phdr, p_filesz));
  if (!type || !offset || !size) return std::nullopt;
  return Part{*type, *offset, *size};
}

std::optional<Part> Reader::section(const FileHeader& header, std::size_t i) const {
  const std::uint64_t at = header.sections + i * header.section_size;
  if (at < header.sections) return std::nullopt;
  const auto type = word(at + offsetof(Elf32_Shdr, sh_type));
  const auto offset =
      wide(at, offsetof(Elf32_Shdr, sh_offset), offsetof(Elf64_Shdr, sh_offset));
  const auto size =
      wide(at, offsetof(Elf32_Shdr, sh_size), offsetof(Elf64_Shdr, sh_size));
  if (!type || !offset || !size) return std::nullopt;
  return Part{*type, *offset, *type == SHT_NOBITS ? 0 : *size};
}

}  // namespace xar::elf
