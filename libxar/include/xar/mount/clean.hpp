// SPDX-License-Identifier: BSD-2-Clause
// Removing what launches have left behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "xar/mount/launch.hpp"

namespace xar::mount {

// What can be left behind.
enum class Leftover {
  kDeadMount,  // its server has ended
  kDirectory,  // a mount point with nothing mounted
  kLock,       // the lock file of a mount that does not exist
};

struct Cleaning {
  // Minimum age in seconds, counted from the last launch, before a directory or a lock
  // file counts as leftover. Dead mounts always do.
  std::uint64_t older_than = 86400;
  bool dry_run = false;  // report, and remove nothing
};

// Removes leftovers of the calling user (of every user if that is root) below the roots
// of `context` and in the caller's runtime folder, and dead mounts everywhere. Calls
// `removed` for each. Leaves what is in use in any mount namespace, or about to be, and
// what cannot be removed.
void clean(const MountContext& context, const Cleaning& cleaning,
           const std::function<void(Leftover, const std::filesystem::path&)>& removed);

}  // namespace xar::mount
