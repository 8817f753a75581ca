// SPDX-License-Identifier: BSD-2-Clause
// The directory on which an archive is mounted in a mount namespace of its own.
// A directory that anyone removes is gone in every namespace, and what is
// mounted on it too. So it is none of the user's below a mount root, which are
// removed when the user logs out, but in a file system of its own, mounted on a
// directory that belongs to the system.
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

// Makes the directory for `slot`, for a process in a mount namespace of its
// own, which it may mount in. Where the system has no directory for it, it is
// the one at `slot` in `folder`. Throws base::Error.
NamespacePoint make_namespace_point(const UserFolder& folder, const MountSlot& slot);

// Where in this mount namespace the file system `device` is mounted for
// `slot`, if it is.
std::optional<NamespacePoint> find_namespace_point(const MountSlot& slot,
                                                   std::uint64_t device);

}  // namespace xar::mount
