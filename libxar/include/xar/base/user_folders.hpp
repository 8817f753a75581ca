// SPDX-License-Identifier: BSD-2-Clause
// The directories in which a user's programs keep what they can make again.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>
#include <vector>

namespace xar::base {

// The home of `user` in the password file `file`; empty where it has none. Reads only
// that file, so that a static program can call it: what a directory service knows is not
// found.
std::filesystem::path home_in_password_file(
    uid_t user, const std::filesystem::path& file = "/etc/passwd");

// The directories that the environment names for the caches of the effective user, the
// best first: `cache_home`, the value of XDG_CACHE_HOME, then ".cache" in `home`, the
// value of HOME. Each may be null. Only absolute paths are named, and whether one can be
// used is not looked at.
std::vector<std::filesystem::path> cache_folders_of_environment(const char* cache_home,
                                                                const char* home);

// The first of these, or else ".cache" in the home of the password file, where the
// effective user may keep files, as may_keep_files_at() tells; empty if there is none.
std::filesystem::path user_cache_folder(const char* cache_home, const char* home);

}  // namespace xar::base
