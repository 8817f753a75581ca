// SPDX-License-Identifier: BSD-2-Clause
#include <set>

#include "header/syntax.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/number.hpp"
#include "xar/elf.hpp"
#include "xar/header.hpp"

namespace xar::header {
namespace {

// Hex digits mean the same in either case; whoever compares them need not know.
std::string lower_case(std::string digits) {
  for (char& c : digits) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return digits;
}

// One pass over a header's lines.
class Parser {
 public:
  Parser(std::string_view text, const std::filesystem::path& name, std::uint64_t position)
      : rest_(text), name_(name) {
    header_.position = position;
  }

  Header parse() {
    if (!rest_.starts_with(kShebang)) {
      throw base::Error(base::Errc::kNotAnArchive, "not a XAR", name_,
                        "expected '#!' as its first two bytes");
    }
    header_.launcher = next_line().substr(kShebang.size());
    for (std::string_view line = next_line(); line != kStop; line = next_line()) {
      if (!line.empty() && line.front() != '#') take_assignment(line);
    }
    require_lines();
    return std::move(header_);
  }

 private:
  [[noreturn]] void reject(std::string_view what) const {
    std::string advice = "line " + std::to_string(line_) + ": ";
    advice += what;
    throw base::Error(base::Errc::kDamaged, "bad XAR header", name_, advice);
  }

  std::string_view next_line() {
    ++line_;
    const std::size_t end = rest_.find('\n');
    if (end == rest_.npos) reject("expected '#xar_stop' before the text ends here");
    const std::string_view line = rest_.substr(0, end);
    if (line.find('\0') != line.npos) reject("has a NUL byte, expected text");
    rest_.remove_prefix(end + 1);
    return line;
  }

  void take_assignment(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::string_view name = line.substr(0, equals);
    std::string_view value = equals == line.npos ? "" : line.substr(equals + 1);
    if (name.empty() || value.size() < 2 || value.front() != '"' || value.back() != '"') {
      reject("expected NAME=\"value\"");
    }
    value = value.substr(1, value.size() - 2);
    if (value.find('"') != value.npos) reject("expected no quote inside the value");
    if (!seen_.emplace(name).second) reject("expected each name once only");
    take(name, value);
  }

  void take(std::string_view name, std::string_view value) {
    if (name == kOffset) {
      header_.offset = parse_offset(value);
    } else if (name == kUuid) {
      header_.uuid = checked(name, value, uuid_problem(value));
    } else if (name == kVersion) {
      header_.version = value;
    } else if (name == kImageSha256) {
      header_.image_sha256 = lower_case(checked(name, value, fault_in_sha256(value)));
    } else if (name == kMountRoot) {
      header_.mount_root = checked(name, value, fault_in_mount_root(value));
    } else if (name == kTarget) {
      // The original takes an empty target for none.
      if (!value.empty()) header_.target = checked(name, value, fault_in_target(value));
    } else {
      header_.others.emplace(name, value);
    }
  }

  std::string checked(std::string_view name, std::string_view value,
                      std::string_view fault) const {
    if (!fault.empty()) reject(std::string(name) + ": expected " + std::string(fault));
    return std::string(value);
  }

  std::uint64_t parse_offset(std::string_view value) const {
    const auto offset = base::parse_number<std::uint64_t>(value);
    const std::uint64_t position = header_.position;
    if (!offset || *offset <= position || *offset % kAlignment != 0 ||
        *offset - position > kMaxSize) {
      reject(
          position == 0
              ? "OFFSET: expected a positive multiple of 4096, 1 MiB at most"
              : "OFFSET: expected a multiple of 4096, at most 1 MiB behind the header");
    }
    return *offset;
  }

  void require_lines() const {
    if (!seen_.contains(std::string(kOffset)))
      reject("expected an OFFSET line before '#xar_stop'");
    if (!seen_.contains(std::string(kUuid)))
      reject("expected a UUID line before '#xar_stop'");
  }

  std::string_view rest_;
  const std::filesystem::path& name_;
  Header header_;
  std::set<std::string> seen_;
  unsigned line_ = 0;
};

std::string read_piece(int fd, const std::filesystem::path& name, std::uint64_t position,
                       std::size_t limit) {
  std::string text(limit, '\0');
  const auto out = std::as_writable_bytes(std::span(text.data(), text.size()));
  text.resize(base::read_at(fd, position, out, name));
  return text;
}

// Where the header of a file that begins with `front` is.
std::uint64_t find_header(base::ByteView front, const std::filesystem::path& name) {
  if (!elf::is_elf(front)) return 0;
  const auto mark = elf::find_mark(front);
  if (!mark) {
    throw base::Error(base::Errc::kNotAnArchive, "not a XAR", name,
                      "it is a program, and not a standalone archive");
  }
  if (mark->position == 0) {
    throw base::Error(base::Errc::kNotAnArchive, "not a XAR", name,
                      "it is a launcher, with no archive behind it");
  }
  const std::uint64_t position = std::uint64_t{mark->position} * kAlignment;
  if (position > kMaxPosition) {
    throw base::Error(base::Errc::kDamaged, "bad launcher", name,
                      "its archive is said to be too far behind");
  }
  return position;
}

// The text from `position` on, with all of the header in it. `front` is what stands in
// the file's first bytes.
std::string read_text(int fd, const std::filesystem::path& name, std::string front,
                      std::uint64_t position) {
  constexpr std::string_view kStopLine = "\n#xar_stop\n";
  std::string text =
      position == 0 ? std::move(front) : read_piece(fd, name, position, kAlignment);
  // Nearly every header ends within the first 4 KiB: one read.
  const bool enough = text.size() < kAlignment ||
                      !std::string_view(text).starts_with(kShebang) ||
                      text.find(kStopLine) != text.npos;
  return enough ? text : read_piece(fd, name, position, kMaxSize);
}

}  // namespace

Header parse(std::string_view text, const std::filesystem::path& name,
             std::uint64_t position) {
  return Parser(text, name, position).parse();
}

Header read(int fd, const std::filesystem::path& name) {
  static_assert(elf::kFrontSize <= kAlignment);
  std::string front = read_piece(fd, name, 0, kAlignment);
  const std::uint64_t position = find_header(base::as_bytes(front), name);
  const std::string text = read_text(fd, name, std::move(front), position);
  if (position != 0 && !std::string_view(text).starts_with(kShebang)) {
    throw base::Error(base::Errc::kCutShort, "the archive behind this launcher is gone",
                      name,
                      "strip, objcopy or a copy cut short took it away: take a new copy");
  }
  Header header = parse(text, name, position);
  if (text.size() < std::min(header.offset - position, kAlignment)) {
    throw base::Error(base::Errc::kCutShort, "cut short", name,
                      "copy or build the file again");
  }
  return header;
}

}  // namespace xar::header
