// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/terminal.hpp"
#include "xar/base/number.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace xar::base {

std::optional<std::size_t> terminal_width(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

std::optional<std::size_t> wanted_width(int fd) {
  constexpr std::size_t kNarrowest = 40;
  if (const char* text = std::getenv("COLUMNS")) {
    const auto columns = parse_number<std::size_t>(text);
    if (columns && *columns > 0) return std::max(*columns, kNarrowest);
  }
  const auto columns = terminal_width(fd);
  return columns ? std::optional(std::max(*columns, kNarrowest)) : std::nullopt;
}

bool is_capable_terminal(int fd) {
  if (::isatty(fd) != 1) return false;
  const char* name = std::getenv("TERM");
  return name != nullptr && *name != '\0' && std::string_view(name) != "dumb";
}

}  // namespace xar::base
