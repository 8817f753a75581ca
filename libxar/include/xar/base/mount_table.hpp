// SPDX-License-Identifier: BSD-2-Clause
// The kernel's table of mounts, as proc_pid_mountinfo(5) describes it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xar::base {

struct MountTableEntry {
  std::uint64_t device = 0;  // as device_at() tells
  std::filesystem::path point;
  std::string type;
  std::string source;
  std::optional<uid_t> owner;  // of a FUSE mount
  std::optional<gid_t> group;  // its
};

// The entries of `text`; lines that are not as they should be are passed over.
std::vector<MountTableEntry> parse_mount_table(std::string_view text);

// The table of this process's mount namespace. Throws SystemError.
std::vector<MountTableEntry> read_mount_table();

// The table of another process's. Throws SystemError, also where this process may
// not look.
std::vector<MountTableEntry> read_mount_table_of(pid_t process);

}  // namespace xar::base
