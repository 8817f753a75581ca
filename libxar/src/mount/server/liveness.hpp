// SPDX-License-Identifier: BSD-2-Clause
// Finds out whether a mount's server answers, without waiting for ever.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace xar::mount {

enum class Liveness {
  kAlive,  // a FUSE file system whose server answers
  kNone,   // no FUSE file system
  kDead,   // its server has ended
  kStuck,  // its server does not answer in time
  // The kernel denies this process access: the mount belongs to another user or group.
  // Whether its server answers is unknown.
  kForbidden,
};

// Asks the server of the file system of `fd`, or of the one mounted at `point`, and waits
// for its answer. Only for servers that certainly run.
Liveness probe(int fd);
Liveness probe(const std::filesystem::path& point);

// The same by another process, for at most two seconds. At `point`, that process asks as
// `owner` and `group` if the caller is root, because the kernel may give others an answer
// without asking the server.
Liveness probe_within_bounds(int fd);
Liveness probe_within_bounds(const std::filesystem::path& point, uid_t owner,
                             gid_t group);

// Asks through `fd` in the cheapest way that ends in time: by one system call if the
// kernel says that the process `server` runs. Continues the process first if it is
// stopped. Zero: nothing is known of the server.
Liveness probe_server(int fd, pid_t server);

}  // namespace xar::mount
