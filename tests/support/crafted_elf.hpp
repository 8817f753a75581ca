// SPDX-License-Identifier: BSD-2-Clause
// Small ELF programs of any class, byte order and machine, which no linker here makes.
#pragma once

#include <elf.h>

#include <cstdint>
#include <string>

namespace xar::test {

struct CraftedElf {
  unsigned char width = ELFCLASS64;
  unsigned char order = ELFDATA2LSB;
  std::uint16_t type = ET_EXEC;
  std::uint16_t machine = EM_X86_64;
  bool has_note = true;            // of a launcher, behind one of somebody else's
  bool has_interpreter = false;    // as dynamic programs have
  std::uint32_t position = 0;      // what the note says
  std::uint64_t code_size = 5000;  // bytes of its one loaded section
};

// The bytes of such a program. Its section headers come last; one of its sections is
// said to be of 1 GiB but takes no space, as .bss does.
std::string craft_elf(const CraftedElf& wanted);

}  // namespace xar::test
