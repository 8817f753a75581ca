// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/log.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"

namespace xar::base {

// Not by syslog(3), which would bring the calendar and its time zones into the program:
// who reads the log notes the time itself.
void log_error(std::string_view name, std::string_view text) noexcept {
  try {
    const Fd log(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    constexpr std::string_view kSocket = "/dev/log";
    std::copy(kSocket.begin(), kSocket.end(), address.sun_path);
    const std::string line = '<' + std::to_string(LOG_USER | LOG_ERR) + '>' +
                             std::string(name) + '[' + std::to_string(::getpid()) +
                             "]: " + printable(text);
    static_cast<void>(::sendto(log.get(), line.data(), line.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address),
                               sizeof address));
  } catch (...) {
    // There is nobody left to tell.
  }
}

}  // namespace xar::base
