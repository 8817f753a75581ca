// SPDX-License-Identifier: BSD-2-Clause
// The header at the front of a file or behind a launcher, and the launcher's ELF note.
#include "xar/header.hpp"

#include <algorithm>
#include <string>

#include "fuzz/support.hpp"
#include "xar/base/error.hpp"
#include "xar/elf.hpp"

namespace {

using namespace xar;

// What was parsed prints to what parses to the same, unless it cannot be printed.
void print_and_parse(const header::Header& parsed) {
  std::string text;
  try {
    text = header::print(parsed);
  } catch (const base::Error&) {
    return;
  }
  const header::Header again = header::parse(text, "printed", parsed.position);
  fuzz::require(again.target == parsed.target && again.mount_root == parsed.mount_root,
                "a printed header says what was parsed");
  fuzz::require(header::print(again) == text, "a printed header parses to itself");
}

void parse(std::string_view text, std::uint64_t position) {
  try {
    const header::Header parsed = header::parse(text, "input", position);
    fuzz::require(parsed.offset > position && parsed.offset % header::kAlignment == 0 &&
                      parsed.offset - position <= header::kMaxSize,
                  "the image is aligned and behind the header");
    fuzz::require(!parsed.uuid.empty(), "the header has a UUID");
    fuzz::require(!parsed.target || !parsed.target->starts_with('/'),
                  "the target is relative");
    fuzz::require(!parsed.mount_root || parsed.mount_root->starts_with('/'),
                  "the mount root is absolute");
    print_and_parse(parsed);
  } catch (const base::Error&) {
  }
}

void read(std::string_view text) {
  try {
    const base::Fd fd = fuzz::as_file(text);
    static_cast<void>(header::read(fd.get(), "input"));
  } catch (const base::Error&) {
  }
}

void set_mark(std::string_view text, const elf::Mark& mark) {
  constexpr std::uint32_t kPosition = 0x01020304;
  fuzz::require(mark.at + sizeof kPosition <= std::min(text.size(), elf::kFrontSize),
                "the note is in the front");
  std::string copy(text);
  elf::set_mark(std::as_writable_bytes(std::span(copy)), mark, kPosition);
  const auto again = elf::find_mark(base::as_bytes(copy));
  // The note may be where it says where it is.
  fuzz::require(!again || again->at != mark.at || again->position == kPosition,
                "the note says what was set");
}

void examine(std::string_view text) {
  const base::ByteView bytes = base::as_bytes(text);
  if (const auto mark = elf::find_mark(bytes)) set_mark(text, *mark);
  static_cast<void>(elf::machine_of(bytes));
  static_cast<void>(elf::interpreter_in(bytes));
  try {
    fuzz::require(elf::examine(bytes, "input").end <= bytes.size(),
                  "a program ends in its file");
  } catch (const base::Error&) {
  }
  static_cast<void>(header::is_run_by_shell(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  parse(text, 0);
  parse(text, 8192);
  read(text);
  examine(text);
  return 0;
}
