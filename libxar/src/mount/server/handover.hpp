// SPDX-License-Identifier: BSD-2-Clause
// The mount on its way from the process that makes it to the server that is to serve it.
// They are two, and the server is started first: what it has to prepare it prepares while
// the kernel mounts.
#pragma once

#include <cstdint>
#include <optional>

#include "xar/base/fd.hpp"
#include "xar/base/fd_socket.hpp"

namespace xar::mount {

// A mount that has no server yet.
struct Attached {
  base::Fd device;           // /dev/fuse, open and mounted
  std::uint64_t number = 0;  // which file system it is, as device_at() tells
};

// The way between the two processes: made before they part.
class Handover {
 public:
  Handover() : sockets_(base::make_sockets()) {}

  // The one descriptor of it that the server's process must keep, and no other.
  [[nodiscard]] int fd() const { return sockets_.theirs.get(); }

  // The mounting side: gives the mount away. Whether a server is there to take it.
  bool give(const Attached& attached);

  // The server's side: waits for the mount. Nothing if the other side has none to give,
  // which it says by its end, too.
  std::optional<Attached> take();

 private:
  base::SocketPair sockets_;
};

}  // namespace xar::mount
