// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/handover.hpp"

#include <span>

namespace xar::mount {

bool Handover::give(const Attached& attached) {
  // Else a server that has died would not be noticed.
  sockets_.theirs.reset();
  return base::send_fd(sockets_.ours.get(), attached.device.get(),
                       std::as_bytes(std::span(&attached.number, 1)));
}

std::optional<Attached> Handover::take() {
  Attached attached;
  attached.device = base::receive_fd(
      sockets_.theirs.get(), std::as_writable_bytes(std::span(&attached.number, 1)));
  sockets_.theirs.reset();
  if (!attached.device) return std::nullopt;
  return attached;
}

}  // namespace xar::mount
