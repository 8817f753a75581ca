// SPDX-License-Identifier: BSD-2-Clause
// Changing the mount table: directly where the process may, else through the
// setuid helper fusermount3.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "mount/server/serve_options.hpp"
#include "xar/base/fd.hpp"

namespace xar::mount {

// Mounts a FUSE file system, read-only, nosuid and nodev, as `options` say, and returns
// the open /dev/fuse that is to be served. If `options` have a descriptor of the
// directory, mounts on that, whatever its name refers to meanwhile. Throws base::Error
// that says what the machine lacks.
base::Fd attach(const ServeOptions& options);

// Whether the calling process could use a mount that it makes for its user alone: the
// kernel wants its real, effective and saved user and group to be those that have
// mounted.
bool has_same_ids();

// Throws base::Error unless has_same_ids().
void require_same_ids();

// Throws as attach() does if /dev/fuse cannot be opened, so that no server is prepared in
// vain. Does nothing if fusermount3 is to open it.
void require_device(const ServeOptions& options);

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

}  // namespace xar::mount
