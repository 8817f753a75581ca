// SPDX-License-Identifier: BSD-2-Clause
// How a mount is made and served: what attaching it and serving it have in common.
#pragma once

#include <cstdint>
#include <filesystem>

namespace xar::mount {

class SlotLease;

// Who may enter a mount.
enum class Access {
  kOwner,         // who mounted it
  kOwnerAndRoot,  // and root, whom FUSE keeps out otherwise
  kEveryone,      // whom the files' own permissions let in
};

struct ServeOptions {
  std::filesystem::path point;  // absolute; the directory to mount on
  std::uint32_t timeout = 0;    // idle seconds; 0: never idle
  Access access = Access::kOwner;
  bool noexec = false;               // nothing in it may be executed
  int directory = -1;                // the point, open; -1: only its name is known
  const SlotLease* lease = nullptr;  // if launches may use the mount
  bool own_namespace = false;        // launches enter the server's mount namespace
  bool has_seed = false;             // MountContext::seed is in the mount's name
  bool by_helper = true;             // use fusermount3 where mount(2) is refused
  // These two are the archive's. start_server() and become_server() fill them in.
  std::filesystem::path archive = {};  // its path, also in the mount table
  int file = -1;                       // open for reading
};

}  // namespace xar::mount
