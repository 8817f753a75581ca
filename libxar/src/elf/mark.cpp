// SPDX-License-Identifier: BSD-2-Clause
#include <elf.h>

#include <algorithm>
#include <cstring>

#include "elf/fields.hpp"
#include "xar/elf.hpp"

namespace xar::elf {
namespace {

constexpr std::uint64_t rounded(std::uint64_t size) {
  return (size + 3) / 4 * 4;
}

// Whether the note at `at` is ours.
bool is_ours(const Reader& reader, base::ByteView front, std::uint64_t at) {
  constexpr Note kNote;
  return reader.word(at) == kNote.name_size &&
         reader.word(at + offsetof(Note, descriptor_size)) == kNote.descriptor_size &&
         reader.word(at + offsetof(Note, type)) == kNote.type &&
         reader.word(at + offsetof(Note, position)) &&
         std::memcmp(front.data() + at + offsetof(Note, name), kNote.name,
                     sizeof kNote.name) == 0;
}

// Our note among those of one segment, which stand one after the other.
std::optional<Mark> find_in(const Reader& reader, base::ByteView front,
                            const Part& notes) {
  if (notes.offset > front.size()) return std::nullopt;
  const std::uint64_t end =
      notes.offset + std::min<std::uint64_t>(notes.size, front.size() - notes.offset);
  for (std::uint64_t at = notes.offset; at < end;) {
    if (is_ours(reader, front, at)) {
      const auto position = static_cast<std::size_t>(at) + offsetof(Note, position);
      return Mark{position, *reader.word(position)};
    }
    const auto name_size = reader.word(at);
    const auto size = reader.word(at + offsetof(Note, descriptor_size));
    if (!name_size || !size) return std::nullopt;
    at += offsetof(Note, name) + rounded(*name_size) + rounded(*size);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Mark> find_mark(base::ByteView front) {
  front = front.first(std::min(front.size(), kFrontSize));
  const Reader reader(front);
  const auto header = reader.file_header();
  if (!header) return std::nullopt;
  for (std::size_t i = 0; i < header->segment_count; ++i) {
    const auto segment = reader.segment(*header, i);
    if (!segment) return std::nullopt;
    if (segment->type != PT_NOTE) continue;
    if (const auto mark = find_in(reader, front, *segment)) return mark;
  }
  return std::nullopt;
}

void set_mark(std::span<std::byte> front, const Mark& mark, std::uint32_t position) {
  const bool little = Reader(front).is_little_endian();
  for (std::size_t i = 0; i < sizeof position; ++i) {
    const std::size_t shift = 8 * (little ? i : sizeof position - 1 - i);
    front[mark.at + i] = static_cast<std::byte>(position >> shift);
  }
}

}  // namespace xar::elf
