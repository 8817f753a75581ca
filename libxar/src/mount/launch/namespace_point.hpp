// SPDX-License-Identifier: BSD-2-Clause
// The directory on which an archive is mounted in its own mount namespace. Removing a
// directory removes it, and mounts on it, from every namespace. Directories of a user
// below a mount root may be removed when the user logs out. So this directory is in a
// file system of its own, which is mounted on a directory of the system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "mount/place/user_folder.hpp"
#include "xar/base/fd.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {

struct NamespacePoint {
  base::Fd fd;  // O_PATH
  std::filesystem::path path;
};

// Makes the directory for `slot`. The calling process must be in its own mount namespace,
// and may mount there. If the system has no directory for it, returns the slot's
// directory in `folder`. Throws base::Error.
NamespacePoint make_namespace_point(const UserFolder& folder, const MountSlot& slot);

// Returns the directory on which the file system `device` is mounted for `slot` in this
// mount namespace, if it is.
std::optional<NamespacePoint> find_namespace_point(const MountSlot& slot,
                                                   std::uint64_t device);

}  // namespace xar::mount
