// SPDX-License-Identifier: BSD-2-Clause
// Descriptors passed from process to process over a Unix socket (unix(7), SCM_RIGHTS).
#pragma once

#include <span>

#include "xar/base/bytes.hpp"
#include "xar/base/fd.hpp"

namespace xar::base {

// Two connected sockets, both above the standard streams and closed on exec.
struct SocketPair {
  Fd ours;
  Fd theirs;
};

// Throws SystemError where there are none to be had.
SocketPair make_sockets();

// Sends a copy of `fd`, which stays the caller's, and with it `beside`, at least one
// byte. Whether the other side is there to take them.
bool send_fd(int socket, int fd, ByteView beside);

// Waits for a descriptor and fills `beside`, at least one byte, with what was sent beside
// it. Empty where the other side has closed the socket, or sent no descriptor or other
// than that many bytes. The result is above the standard streams and closed on exec.
Fd receive_fd(int socket, std::span<std::byte> beside);

}  // namespace xar::base
