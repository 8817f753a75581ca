// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/log.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"

namespace xar::base {
namespace {

// Not by syslog(3), which would bring the calendar and its time zones into the program:
// who reads the log notes the time itself.
void send(int priority, std::string_view name, std::string_view text) noexcept {
  try {
    const Fd log(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    constexpr std::string_view kSocket = "/dev/log";
    std::copy(kSocket.begin(), kSocket.end(), address.sun_path);
    const std::string line = '<' + std::to_string(LOG_USER | priority) + '>' +
                             std::string(name) + '[' + std::to_string(::getpid()) +
                             "]: " + printable(text);
    static_cast<void>(::sendto(log.get(), line.data(), line.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address),
                               sizeof address));
  } catch (...) {
    // There is nobody left to tell.
  }
}

}  // namespace

void log_error(std::string_view name, std::string_view text) noexcept {
  send(LOG_ERR, name, text);
}

bool is_debugging() noexcept {
  const char* level = std::getenv("XAR_LOG");
  return level != nullptr && std::string_view(level) == "debug";
}

void debug(std::string_view text) noexcept {
  if (!is_debugging()) return;
  try {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    std::array<char, 64> front{};
    std::snprintf(front.data(), front.size(), "debug %lld.%06ld [%d] ",
                  static_cast<long long>(now.tv_sec), now.tv_nsec / 1000, ::getpid());
    const std::string line = front.data() + printable(text) + '\n';
    // Not through stdio, whose buffer a process that is executed or forked would lose or
    // have twice.
    static_cast<void>(::write(STDERR_FILENO, line.data(), line.size()) == 0);
  } catch (...) {
    // A step that cannot be told is still done.
  }
}

void log_debug(std::string_view name, std::string_view text) noexcept {
  if (is_debugging()) send(LOG_DEBUG, name, text);
}

}  // namespace xar::base
