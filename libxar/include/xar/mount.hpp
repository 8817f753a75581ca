// SPDX-License-Identifier: BSD-2-Clause
// The mount that all runs of an archive share: where it is, whether it is there
// and alive, and making it exactly once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xar/base/fd.hpp"
#include "xar/header.hpp"

namespace xar::mount {

// What of the machine and the caller decides where an archive is mounted and
// for how long.
struct Surroundings {
  // Tried in order where the header names no root of its own.
  std::vector<std::filesystem::path> roots = {"/mnt/xarfuse", "/dev/shm"};
  // The caller's own word in the mount's name instead of its namespaces'.
  std::optional<std::string> seed;
  // Idle seconds after which the mount is taken away; 0: never.
  std::uint32_t timeout = 870;
  // FUSE's configuration, which says whether root may look into users' mounts.
  std::filesystem::path fuse_conf = "/etc/fuse.conf";
};

// Where an archive belongs. Nothing of it need exist.
struct Place {
  std::filesystem::path user_folder;  // <root>/uid-<effective uid>
  std::string name;                   // of the mount's directory in it

  [[nodiscard]] std::filesystem::path directory() const { return user_folder / name; }
  [[nodiscard]] std::string lock_name() const { return "lockfile." + name; }
};

// Finds the place for an archive of this header, for the calling process's user
// and namespaces; creates nothing. Throws base::Error if no mount root is fit:
// a directory of mode 1777 that belongs to root or to the user.
Place locate(const header::Header& header, const Surroundings& surroundings);

// A live mount that cannot go away while this exists.
struct Pinned {
  base::Fd fd;         // O_PATH, the mount's root; close-on-exec
  bool fresh = false;  // made by this call
};

// The mount at `place` if it is there and its server answers, and notes the use for
// those who clean up. Takes no lock. Throws base::Error if the user's folder is
// not safe to use.
std::optional<Pinned> pin(const Place& place);

// An archive to be mounted.
struct Archive {
  std::filesystem::path path;
  std::uint64_t offset = 0;  // where its image starts
};

// The mount at `place`, made if it is not there or its server is dead. However
// many processes ask at once, one makes it. The server stays behind as a process
// of its own and leaves once the mount has been idle for the time-out. Throws
// base::Error if the image cannot be mounted; nothing is left mounted then. The
// caller must have no other thread.
Pinned ensure(const Place& place, const Archive& archive,
              const Surroundings& surroundings);

}  // namespace xar::mount
