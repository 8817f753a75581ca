// SPDX-License-Identifier: BSD-2-Clause
#include <elf.h>

#include <algorithm>
#include <cstring>

#include "elf/fields.hpp"
#include "xar/base/error.hpp"
#include "xar/elf.hpp"

namespace xar::elf {
namespace {

struct Machine {
  std::uint16_t number;
  const char* name;
};
constexpr Machine kMachines[] = {{EM_386, "i686"},        {EM_ARM, "armv7l"},
                                 {EM_AARCH64, "aarch64"}, {EM_PPC64, "ppc64le"},
                                 {EM_RISCV, "riscv64"},   {EM_S390, "s390x"},
                                 {EM_X86_64, "x86_64"}};

// Adds up where a program's parts end, and refuses one that is not all there.
class End {
 public:
  End(std::uint64_t file_size, const std::filesystem::path& name)
      : file_size_(file_size), name_(name) {}

  void reach(std::uint64_t offset, std::uint64_t size) {
    if (offset > file_size_ || size > file_size_ - offset) {
      throw base::Error(base::Errc::kCutShort, "cut short", name_,
                        "parts of the program are missing");
    }
    end_ = std::max(end_, offset + size);
  }
  void reach(const std::optional<Part>& part) {
    if (part) reach(part->offset, part->size);
  }

  [[nodiscard]] std::uint64_t value() const { return end_; }

 private:
  std::uint64_t file_size_;
  const std::filesystem::path& name_;
  std::uint64_t end_ = 0;
};

}  // namespace

Program examine(base::ByteView file, const std::filesystem::path& name) {
  const Reader reader(file);
  const auto header = reader.file_header();
  if (!header || (header->type != ET_EXEC && header->type != ET_DYN) ||
      header->segment_count == 0) {
    throw base::Error(base::Errc::kNotAnArchive, "not a program", name,
                      "expected an ELF executable");
  }
  Program program;
  End end(file.size(), name);
  end.reach(0, header->size);
  end.reach(header->segments,
            std::uint64_t{header->segment_count} * header->segment_size);
  end.reach(header->sections,
            std::uint64_t{header->section_count} * header->section_size);
  for (std::size_t i = 0; i < header->segment_count; ++i) {
    const auto segment = reader.segment(*header, i);
    end.reach(segment);
    if (segment && segment->type == PT_INTERP) program.is_dynamic = true;
  }
  for (std::size_t i = 0; i < header->section_count; ++i) {
    end.reach(reader.section(*header, i));
  }
  program.end = end.value();
  return program;
}

std::string interpreter_in(base::ByteView front) {
  const Reader reader(front);
  const auto header = reader.file_header();
  for (std::size_t i = 0; header && i < header->segment_count; ++i) {
    const auto segment = reader.segment(*header, i);
    if (!segment || segment->type != PT_INTERP) continue;
    if (segment->offset >= front.size()) break;
    const auto rest = front.subspan(static_cast<std::size_t>(segment->offset));
    const auto* text = reinterpret_cast<const char*>(rest.data());
    const std::size_t length = ::strnlen(text, rest.size());
    if (length < rest.size()) return {text, length};
  }
  return {};
}

std::string machine_of(base::ByteView front) {
  const auto header = Reader(front).file_header();
  const std::uint16_t number = header ? header->machine : std::uint16_t{EM_NONE};
  for (const Machine& machine : kMachines) {
    if (machine.number == number) return machine.name;
  }
  return "machine " + std::to_string(number);
}

}  // namespace xar::elf
