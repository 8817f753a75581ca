// SPDX-License-Identifier: BSD-2-Clause
// Whether a mount's server answers, asked so that one which never does costs a second.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace xar::mount {

enum class Answer {
  kAlive,
  kDead,  // the kernel says that nobody serves it any more
  kNone,  // within the time
};

// Asks the server of the FUSE mount at `point`, as `owner`, the only one whom it may
// let in, where the caller is root. What is not mounted any more counts as alive.
Answer ask(const std::filesystem::path& point, uid_t owner);

}  // namespace xar::mount
