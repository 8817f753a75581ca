// SPDX-License-Identifier: BSD-2-Clause
// Changing the mount table: directly where the process may, else through the
// setuid helper fusermount3.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "xar/base/fd.hpp"

namespace xar::mount {

// How a mount shows in the mount table.
struct Appearance {
  std::string source;              // the archive's path
  bool allow_other = false;        // users other than the owner may enter
  bool check_permissions = false;  // the kernel compares users with files' modes
  bool noexec = false;             // nothing in it may be executed
  bool by_helper = true;           // where mount(2) is refused, fusermount3 is asked
};

// Mounts a FUSE file system, read-only, nosuid and nodev, on `point`, and returns the
// open /dev/fuse that is to be served. `directory` is the same, open, or -1: whatever has
// become of the name, nothing else is mounted on then. Throws base::Error that says what
// the machine lacks.
base::Fd attach(const std::filesystem::path& point, int directory,
                const Appearance& appearance);

// Whether the calling process could use a mount that it makes for its user alone: the
// kernel wants its real, effective and saved user and group to be those that have
// mounted.
bool has_same_ids();

// Throws base::Error unless has_same_ids().
void require_same_ids();

// Throws as attach() does where that would open /dev/fuse and cannot: who prepares for
// the mount can spare the work.
void require_device(const Appearance& appearance);

// How to take a mount away.
enum class Detach {
  kIfUnused,  // only if the kernel finds no user of it
  kNow,       // from the table at once; present users keep it until they are done
};

// What has become of an unmount: whether it was done, else whether that is because the
// mount is in use, and the kernel's or fusermount3's own words.
struct Detached {
  bool done = false;
  bool is_busy = false;
  std::string reason;

  explicit operator bool() const { return done; }
};

// Takes the mount at `point` away.
Detached detach(const std::filesystem::path& point, Detach how);

// Takes away a FUSE mount whose path `point` nobody has walked since the last call
// and that nobody uses; needs the right to mount.
enum class Expiry { kGone, kMarked, kBusy, kForbidden };
Expiry expire(const std::filesystem::path& point);

// Identifies the file system mounted at `point`; does not ask its server.
std::optional<std::uint64_t> device_at(const std::filesystem::path& point);

// The file system of the file that `link`, of a process's folder in /proc, stands for;
// does not ask its server. Nothing where that cannot be known; errno says why.
std::optional<std::uint64_t> device_behind(const std::filesystem::path& link);

// The file system of which `fd` is the root; does not ask its server. Zero where that
// cannot be known.
std::uint64_t device_of(int fd);

}  // namespace xar::mount
