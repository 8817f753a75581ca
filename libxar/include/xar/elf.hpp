// SPDX-License-Identifier: BSD-2-Clause
// ELF programs, as far as standalone archives need them: where one ends, and the note
// by which a launcher in front of an archive knows where its header is. FORMAT.md,
// "Standalone archives", specifies the note; the layouts are elf(5)'s, of 32 and 64
// bits and either byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "xar/base/bytes.hpp"

namespace xar::elf {

// The note stands in so much of the file's front that every reader has read anyway.
inline constexpr std::size_t kFrontSize = 4096;

// The note as it stands in the program's memory, in the machine's byte order.
struct Note {
  std::uint32_t name_size = 4;
  std::uint32_t descriptor_size = 4;
  std::uint32_t type = 1;
  char name[4] = {'X', 'A', 'R', '\0'};
  // Where the archive's header begins, in units of header::kAlignment; 0: this is a
  // launcher without an archive.
  std::uint32_t position = 0;
};
static_assert(sizeof(Note) == 20);

// Where the note's position is in a file, and what it is.
struct Mark {
  std::size_t at = 0;
  std::uint32_t position = 0;  // in units of header::kAlignment
};

// Whether a file that begins with `front` is an ELF file.
bool is_elf(base::ByteView front);

// The note in the first bytes of an ELF file; none where the program has none, or
// `front` is damaged.
std::optional<Mark> find_mark(base::ByteView front);

// Sets the position in the note of the program that begins with `front`, where
// find_mark has found `mark`.
void set_mark(std::span<std::byte> front, const Mark& mark, std::uint32_t position);

// What a whole program is, besides what find_mark says.
struct Program {
  std::uint64_t end = 0;    // first byte behind all that it consists of
  bool is_dynamic = false;  // it needs a dynamic loader
};

// Examines the ELF executable that `file` begins with; what is behind its end does not
// matter. `name` is for messages. Throws base::Error if it is not an ELF executable, or
// parts of it are missing.
Program examine(base::ByteView file, const std::filesystem::path& name);

// The dynamic loader that an ELF program names; empty where it names none, or outside of
// `front`, the program's first bytes.
std::string interpreter_in(base::ByteView front);

// The machine that the program is for as `uname -m` calls it, or its number in ELF.
std::string machine_of(base::ByteView front);

}  // namespace xar::elf
