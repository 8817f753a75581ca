// SPDX-License-Identifier: BSD-2-Clause
// ELF programs, as far as standalone archives need them: where a program ends, and the
// note that tells a launcher the position of the header behind it. FORMAT.md, "Standalone
// archives", specifies the note. The layouts are those of elf(5), of 32 and 64 bits and
// either byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "xar/base/bytes.hpp"

namespace xar::elf {

// The note is in the first bytes of the file, which every reader reads anyway: so many.
inline constexpr std::size_t kFrontSize = 4096;

// The note as it stands in the program's memory, in the machine's byte order.
struct Note {
  std::uint32_t name_size = 4;
  std::uint32_t descriptor_size = 4;
  std::uint32_t type = 1;
  char name[4] = {'X', 'A', 'R', '\0'};
  // The position of the archive's header, in units of header::kAlignment; 0: a launcher
  // without an archive.
  std::uint32_t position = 0;
};
static_assert(sizeof(Note) == 20);

// The offset of the note's position field in a file, and the field's value.
struct Mark {
  std::size_t at = 0;
  std::uint32_t position = 0;  // in units of header::kAlignment
};

// Whether a file that begins with `front` is an ELF file.
bool is_elf(base::ByteView front);

// Returns the note in `front`, the first bytes of an ELF file. Empty if there is none, or
// if `front` is damaged.
std::optional<Mark> find_mark(base::ByteView front);

// Sets the position field of the note `mark`, which find_mark() has found in `front`.
void set_mark(std::span<std::byte> front, const Mark& mark, std::uint32_t position);

// Properties of a whole program, besides its note.
struct Program {
  std::uint64_t end = 0;    // the offset behind its last byte
  bool is_dynamic = false;  // it needs a dynamic loader
};

// Examines the ELF executable at the start of `file`, and ignores what follows it.
// Messages call it `name`. Throws base::Error if it is not an ELF executable, or if parts
// of it are missing.
Program examine(base::ByteView file, const std::filesystem::path& name);

// Returns the path of the dynamic loader that an ELF program names. Empty if it names
// none in `front`, its first bytes.
std::string interpreter_in(base::ByteView front);

// Returns the machine of the program as `uname -m` spells it, or its number in ELF.
std::string machine_of(base::ByteView front);

}  // namespace xar::elf
