// SPDX-License-Identifier: BSD-2-Clause
// Whose files are: which users could change what a path leads to.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace xar::base {

// Whether `user` is a number of a user namespace's map, the text of /proc/PID/uid_map.
bool is_mapped(uid_t user, std::string_view uid_map);

// Whether a file that belongs to `owner` is the effective user's, root's, or of a user
// who has no number in this user namespace. The kernel shows such a user's files as
// nobody's; in a sandbox that maps the caller alone, these are root's.
bool is_trusted_owner(uid_t owner);

// Whether the effective user may keep files of its own at `path`, which need not exist:
// the nearest existing directory has a trusted owner. For root that holds for each
// directory and symlink on the way, because root may write everywhere: nothing of root's
// is to be created in a user's home, nor where a user's symlink leads.
bool may_keep_files_at(const std::filesystem::path& path);

// Whether users can have directories of their own in `directory` that no other user can
// rename or remove: it has a trusted owner, and if others can write in it, it is sticky.
bool is_safe_shared_directory(const std::filesystem::path& directory);

}  // namespace xar::base
