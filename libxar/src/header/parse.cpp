// SPDX-License-Identifier: BSD-2-Clause
#include <charconv>
#include <set>

#include "header/syntax.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/header.hpp"

namespace xar::header {
namespace {

// One pass over a header's lines.
class Parser {
 public:
  Parser(std::string_view text, const std::filesystem::path& name)
      : rest_(text), name_(name) {}

  Header parse() {
    if (!rest_.starts_with(kShebang)) {
      throw base::Error("not a XAR", name_, "expected '#!' as its first two bytes");
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
    throw base::Error("bad XAR header", name_, advice);
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
      header_.uuid = checked(name, value, fault_in_uuid(value));
    } else if (name == kVersion) {
      header_.version = value;
    } else if (name == kImageSha256) {
      header_.image_sha256 = checked(name, value, fault_in_sha256(value));
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
    std::uint64_t offset = 0;
    const char* end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, offset);
    if (parsed.ec != std::errc() || parsed.ptr != end || offset == 0 ||
        offset % kAlignment != 0 || offset > kMaxOffset) {
      reject("OFFSET: expected a positive multiple of 4096, 1 MiB at most");
    }
    return offset;
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

}  // namespace

Header parse(std::string_view text, const std::filesystem::path& name) {
  return Parser(text, name).parse();
}

Header read(int fd, const std::filesystem::path& name) {
  constexpr std::string_view kStopLine = "\n#xar_stop\n";
  std::string text;
  // Nearly every header ends within the first 4 KiB: one read.
  for (std::size_t limit = kAlignment;; limit = kMaxOffset) {
    text.resize(limit);
    const auto out = std::as_writable_bytes(std::span(text.data(), text.size()));
    text.resize(base::read_at(fd, 0, out, name));
    const bool enough = text.size() < limit || limit == kMaxOffset ||
                        !std::string_view(text).starts_with(kShebang) ||
                        text.find(kStopLine) != text.npos;
    if (enough) break;
  }
  Header header = parse(text, name);
  if (text.size() < std::min<std::uint64_t>(header.offset, kAlignment)) {
    throw base::Error("cut short", name, "copy or build the file again");
  }
  return header;
}

}  // namespace xar::header
