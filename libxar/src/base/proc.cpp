// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/proc.hpp"

#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/number.hpp"

namespace xar::base {

namespace fs = std::filesystem;

void for_each_process(const std::function<void(pid_t, const fs::path&)>& visit) {
  const fs::path proc = "/proc";
  for_each_name(proc, [&](std::string_view name) {
    if (const auto pid = parse_number<pid_t>(name)) visit(*pid, proc / name);
  });
}

std::optional<ProcessStatus> parse_process_status(std::string_view text) {
  // "1234 (name) S 1 ...", where the name may be anything.
  const std::size_t begin = text.find('(');
  const std::size_t end = text.rfind(") ");
  if (begin == text.npos || end == text.npos || end < begin) return std::nullopt;
  ProcessStatus status;
  status.name = text.substr(begin + 1, end - begin - 1);
  text.remove_prefix(end + 2);
  constexpr int kState = 3;
  constexpr int kParent = 4;
  constexpr int kExitSignal = 38;
  for (int field = kState; field <= kExitSignal && !text.empty(); ++field) {
    const std::string_view word = text.substr(0, text.find(' '));
    const char* const last = word.data() + word.size();
    if (field == kState && !word.empty()) status.state = word.front();
    if (field == kParent) std::from_chars(word.data(), last, status.parent);
    if (field == kExitSignal) std::from_chars(word.data(), last, status.exit_signal);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return status;
}

std::optional<ProcessStatus> process_status(pid_t process) {
  try {
    return parse_process_status(
        read_text("/proc/" + std::to_string(process) + "/stat", 4096));
  } catch (const SystemError&) {
    return std::nullopt;
  }
}

char process_state(pid_t process) {
  const auto status = process_status(process);
  return status ? status->state : '\0';
}

std::string read_link(const fs::path& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length))
                    : std::string();
}

}  // namespace xar::base
