// SPDX-License-Identifier: BSD-2-Clause
// Hands a mount over from the process that makes it to its server. The server is started
// first, and prepares while the kernel mounts.
#pragma once

#include <cstdint>
#include <optional>

#include "xar/base/fd.hpp"
#include "xar/base/fd_socket.hpp"

namespace xar::mount {

// A mount that has no server yet.
struct Attached {
  base::Fd device;           // /dev/fuse, open and mounted
  std::uint64_t number = 0;  // of the file system, see device_at()
};

// The connection of the two processes. It is made before the server is started.
class Handover {
 public:
  Handover() : sockets_(base::make_sockets()) {}

  // The descriptor that the server process must keep, and that no other process may keep.
  [[nodiscard]] int fd() const { return sockets_.theirs.get(); }

  // For the mounting process: hands the mount over. Returns whether a server took it.
  bool give(const Attached& attached);

  // For the server: waits for the mount. Returns nothing if the other process has none,
  // or has ended.
  std::optional<Attached> take();

 private:
  base::SocketPair sockets_;
};

}  // namespace xar::mount
