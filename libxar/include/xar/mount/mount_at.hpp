// SPDX-License-Identifier: BSD-2-Clause
// Mounting an archive on a directory of the user's choice.
#pragma once

#include <cstdint>
#include <filesystem>

#include "xar/mount/launch.hpp"

namespace xar::mount {

// How an archive is mounted.
struct MountOptions {
  // Idle seconds after which the server unmounts; 0: never.
  std::uint32_t timeout = 0;
  // Who may enter besides the owner: everyone whom the files' permissions let in, or root
  // alone. For users other than root, FUSE's configuration must allow either.
  bool allow_other = false;
  bool allow_root = false;
  bool noexec = false;  // nothing in the mount may be executed
};

// Mounts `archive` on the directory `point` and leaves a server process behind. Replaces
// a dead mount of the same user. Throws base::Error if an archive is mounted on `point`
// already, or if this one cannot be. The calling process must have no other thread.
void mount_at(const Archive& archive, const std::filesystem::path& point,
              const MountOptions& options);

}  // namespace xar::mount
