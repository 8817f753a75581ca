// SPDX-License-Identifier: BSD-2-Clause
// Whether a mount's server answers, found out without waiting for one that never will.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace xar::mount {

enum class Liveness {
  kAlive,  // a FUSE file system whose server answers
  kNone,   // no FUSE file system
  kDead,   // its server is gone
  kStuck,  // its server does not answer in time
  // The kernel keeps this process out of it: it is another user's, or was made as a
  // member of another group. Whether its server answers is not known.
  kForbidden,
};

// Asks the server of the file system of which `fd` is, or that is mounted at `point`, and
// waits: for who knows that the server runs.
Liveness probe(int fd);
Liveness probe(const std::filesystem::path& point);

// The same from another process, which can be left behind, for at most two seconds; at
// `point` as `owner` and `group`, the only ones whom the kernel may let in, where the
// caller is root: it tells others that all is well.
Liveness probe_within_bounds(int fd);
Liveness probe_within_bounds(const std::filesystem::path& point, uid_t owner,
                             gid_t group);

// Asks through `fd` by the cheapest way that is bounded: one system call where the kernel
// says that the process `server` runs. Continues it first if it has been stopped. Zero: a
// server of which no more is known.
Liveness probe_server(int fd, pid_t server);

}  // namespace xar::mount
