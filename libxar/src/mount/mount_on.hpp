// SPDX-License-Identifier: BSD-2-Clause
// An archive mounted on a directory and its server left behind: what the mounts that
// runs share and those that a user holds have in common.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "mount/server.hpp"
#include "xar/mount.hpp"

namespace xar::mount {

// Who may enter a mount.
enum class Access {
  kOwner,         // who mounted it
  kOwnerAndRoot,  // and root; FUSE keeps even root out otherwise
  kEveryone,      // whom the files' own permissions let in
};

// On what terms an archive is mounted.
struct Terms {
  std::filesystem::path point;  // absolute; a directory
  std::uint32_t timeout = 0;    // idle seconds; 0: never idle
  Access access = Access::kOwner;
  bool noexec = false;
  int directory = -1;          // the point, open; -1: by its name
  const Seat* seat = nullptr;  // if the point is a place for launches
  bool own_namespace = false;  // as Duty::own_namespace
  bool has_seed = false;       // as Duty::has_seed
  bool by_helper = true;       // where this process may not mount, fusermount3 may
};

// The path by which the mount table, lists and the system's log name the archive: the
// real one of its file, even where the caller cannot look it up. Where there is none, or
// it is too long for the kernel, the path that was given, or "/.../" and the file's name.
std::filesystem::path name_of(const Archive& archive);

// Mounts `archive`; its server is running when this returns. Throws base::Error if the
// image cannot be mounted; nothing is left mounted then. The caller must have no other
// thread.
void mount_on(const Archive& archive, const Terms& terms);

// As mount_on(), with the calling process as the server: calls `ready` once launches may
// come, and returns the process's exit status when the mount is gone and unused.
int serve_on(const Archive& archive, const Terms& terms,
             const std::function<void()>& ready);

// Throws base::Error: the mount at `point` has been taken away again.
[[noreturn]] void throw_server_died(const std::filesystem::path& point);

}  // namespace xar::mount
