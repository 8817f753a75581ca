// SPDX-License-Identifier: BSD-2-Clause
#include "support/crafted_elf.hpp"

namespace xar::test {
namespace {

constexpr std::uint64_t kBss = 1 << 30;

// Writes the file's numbers one after the other.
class Writer {
 public:
  explicit Writer(const CraftedElf& wanted)
      : is64_(wanted.width == ELFCLASS64), little_(wanted.order == ELFDATA2LSB) {}

  void number(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) {
      const unsigned shift = 8 * (little_ ? i : size - 1 - i);
      text_ += static_cast<char>(value >> shift & 0xFF);
    }
  }
  void half(std::uint64_t value) { number(value, 2); }
  void word(std::uint64_t value) { number(value, 4); }
  void wide(std::uint64_t value) { number(value, is64_ ? 8 : 4); }
  void bytes(std::string_view text) { text_ += text; }

  void segment(std::uint32_t type, std::uint64_t offset, std::uint64_t size) {
    word(type);
    if (is64_) word(PF_R);
    wide(offset);
    wide(0);
    wide(0);
    wide(size);
    wide(size);
    if (!is64_) word(PF_R);
    wide(4);
  }
  void section(std::uint32_t type, std::uint64_t offset, std::uint64_t size) {
    word(0);
    word(type);
    wide(0);
    wide(0);
    wide(offset);
    wide(size);
    word(0);
    word(0);
    wide(1);
    wide(0);
  }
  void note(std::string_view name, std::uint32_t type, std::uint32_t value) {
    word(4);
    word(4);
    word(type);
    bytes(name);
    word(value);
  }

  [[nodiscard]] std::uint64_t size() const { return text_.size(); }
  std::string take() { return std::move(text_); }

 private:
  bool is64_;
  bool little_;
  std::string text_;
};

}  // namespace

std::string craft_elf(const CraftedElf& wanted) {
  const bool is64 = wanted.width == ELFCLASS64;
  const std::uint64_t header = is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
  const std::uint64_t segment = is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
  const std::uint64_t section = is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
  const std::uint64_t notes = header + 3 * segment;
  const std::uint64_t notes_size = wanted.has_note ? 40 : 20;
  const std::uint64_t code = notes + notes_size;
  const std::uint64_t sections = code + wanted.code_size;

  Writer writer(wanted);
  writer.bytes(ELFMAG);
  const char identity[] = {static_cast<char>(wanted.width),
                           static_cast<char>(wanted.order), EV_CURRENT};
  writer.bytes({identity, sizeof identity});
  writer.bytes(std::string(EI_NIDENT - writer.size(), '\0'));
  writer.half(wanted.type);
  writer.half(wanted.machine);
  writer.word(EV_CURRENT);
  writer.wide(0);
  writer.wide(header);
  writer.wide(sections);
  writer.word(0);
  for (const std::uint64_t value :
       {header, segment, std::uint64_t{3}, section, std::uint64_t{3}, std::uint64_t{0}}) {
    writer.half(value);
  }
  writer.segment(PT_LOAD, 0, code + wanted.code_size);
  writer.segment(wanted.has_interpreter ? PT_INTERP : PT_NULL, code, 1);
  writer.segment(PT_NOTE, notes, notes_size);
  writer.note({"GNU", 4}, 1, 0);
  if (wanted.has_note) writer.note({"XAR", 4}, 1, wanted.position);
  writer.bytes(std::string(wanted.code_size, '\x90'));
  writer.section(SHT_NULL, 0, 0);
  writer.section(SHT_PROGBITS, code, wanted.code_size);
  writer.section(SHT_NOBITS, code, kBss);
  return writer.take();
}

}  // namespace xar::test
