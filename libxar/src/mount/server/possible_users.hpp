// SPDX-License-Identifier: BSD-2-Clause
// Finds out whether a process is left that could use a server's mount again. Launches
// find a mount only from the same PID namespace, mount namespace and cgroup. When the
// last other process of one of these has ended, no launch can come, and the init process
// of a sandbox, or a session that is closing, would wait for the server alone.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "mount/server/server.hpp"
#include "xar/base/fd.hpp"

namespace xar::mount {

class PossibleUsers {
 public:
  // Borrows `options`, of a mount at a slot for launches; `device` is the number of the
  // mounted file system.
  PossibleUsers(const ServeOptions& options, std::uint64_t device)
      : options_(options), device_(device) {}

  // Looks for such processes, and ignores other servers. Returns whether there is one.
  bool look();

  // Watches only the process that this one's end would be told to: it uses the mount.
  void watch_parent();

  void forget() { ends_.clear(); }

  // What is readable once one of the processes found has ended and look() is due again;
  // nothing where that cannot happen or cannot be known.
  [[nodiscard]] const std::vector<base::Fd>& ends() const { return ends_; }

 private:
  [[nodiscard]] std::vector<std::optional<pid_t>> find() const;
  bool watch(pid_t process);

  const ServeOptions& options_;
  const std::uint64_t device_;
  std::vector<base::Fd> ends_;
};

}  // namespace xar::mount
