// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/mount_table.hpp"

#include <array>
#include <charconv>

#include "xar/base/file.hpp"
#include "xar/base/number.hpp"

namespace xar::base {
namespace {

constexpr std::size_t kMaxTable = 16 << 20;

// Takes what stands before `separator`, and it, off the front of `text`.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view front = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return front;
}

// The kernel writes space, tab, newline and backslash as \ooo.
std::string unescaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    unsigned value = 0;
    const char* digits = text.data() + 1;
    if (text.front() == '\\' && text.size() >= 4 &&
        std::from_chars(digits, digits + 3, value, 8).ptr == digits + 3 && value < 256) {
      result += static_cast<char>(value);
      text.remove_prefix(4);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

std::optional<std::uint64_t> device_number(std::string_view text) {
  const auto major = parse_number<std::uint32_t>(take(text, ':'));
  const auto minor = parse_number<std::uint32_t>(text);
  if (!major || !minor) return std::nullopt;
  return std::uint64_t{*major} << 32 | *minor;
}

// The number after `name`, as "user_id=".
std::optional<std::uint32_t> number_in(std::string_view options, std::string_view name) {
  while (!options.empty()) {
    const std::string_view option = take(options, ',');
    if (option.starts_with(name)) {
      return parse_number<std::uint32_t>(option.substr(name.size()));
    }
  }
  return std::nullopt;
}

// "36 35 98:0 /root /point options optional... - type source super-options"
std::optional<MountTableEntry> parse_line(std::string_view line) {
  take(line, ' ');
  take(line, ' ');
  const auto device = device_number(take(line, ' '));
  take(line, ' ');
  MountTableEntry entry;
  entry.point = unescaped(take(line, ' '));
  const std::size_t dash = line.find(" - ");
  if (!device || dash == line.npos) return std::nullopt;
  line.remove_prefix(dash + 3);
  entry.device = *device;
  entry.type = take(line, ' ');
  entry.source = unescaped(take(line, ' '));
  entry.owner = number_in(line, "user_id=");
  entry.group = number_in(line, "group_id=");
  return entry;
}

}  // namespace

std::vector<MountTableEntry> parse_mount_table(std::string_view text) {
  std::vector<MountTableEntry> entries;
  while (!text.empty()) {
    if (auto entry = parse_line(take(text, '\n'))) entries.push_back(std::move(*entry));
  }
  return entries;
}

std::vector<MountTableEntry> read_mount_table() {
  return parse_mount_table(read_text("/proc/self/mountinfo", kMaxTable));
}

std::vector<MountTableEntry> read_mount_table_of(pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/mountinfo";
  return parse_mount_table(read_text(path, kMaxTable));
}

}  // namespace xar::base
