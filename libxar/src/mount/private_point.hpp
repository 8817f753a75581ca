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

#include "mount/folder.hpp"
#include "xar/base/fd.hpp"
#include "xar/mount.hpp"

namespace xar::mount {

struct PrivatePoint {
  base::Fd fd;  // O_PATH
  std::filesystem::path path;
};

// Makes the directory for `place`, for a process in a mount namespace of its
// own, which it may mount in. Where the system has no directory for it, it is
// the one at `place` in `folder`. Throws base::Error.
PrivatePoint make_private_point(const UserFolder& folder, const Place& place);

// Where in this mount namespace the file system `device` is mounted for
// `place`, if it is.
std::optional<PrivatePoint> find_private_point(const Place& place, std::uint64_t device);

}  // namespace xar::mount
