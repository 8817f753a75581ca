// SPDX-License-Identifier: BSD-2-Clause
// Whether a server answers, found out without waiting for one that never will.
#pragma once

namespace xar::mount {

enum class Liveness {
  kAlive,  // a FUSE file system whose server answers
  kNone,   // no FUSE file system
  kDead,   // its server is gone
  kStuck,  // its server does not answer in time
};

// Asks through `fd` and waits: for who knows that the server runs.
Liveness probe(int fd);

// Asks from another process, which can be left behind, for at most two seconds.
Liveness probe_within_bounds(int fd);

}  // namespace xar::mount
