// SPDX-License-Identifier: BSD-2-Clause
// Mounting an archive on a directory and leaving a server process behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "mount/server/server.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {

// Returns the path that the mount table, lists and the system's log show for the archive:
// the real path of its file, even if the caller cannot look it up. If there is none, or
// it is too long for the kernel, the path that was given, or "/.../" and the file's name.
std::filesystem::path name_of(const Archive& archive);

// Mounts `archive`. Its server runs in another process when this returns. Throws
// base::Error if the image cannot be mounted; nothing is left mounted then. The calling
// process must have no other thread.
void start_server(const Archive& archive, const ServeOptions& options);

// As start_server(), but the calling process becomes the server. Calls `ready` once
// launches may use the mount. Returns the process's exit status when the mount is gone
// and unused.
int become_server(const Archive& archive, const ServeOptions& options,
                  const std::function<void()>& ready);

// Throws base::Error: the mount at `point` has been taken away again.
[[noreturn]] void throw_server_died(const std::filesystem::path& point);

}  // namespace xar::mount
