// SPDX-License-Identifier: BSD-2-Clause
// The environment variables and the file that xarexec obeys.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xar/backend.hpp"
#include "xar/cache.hpp"
#include "xar/cli/run.hpp"
#include "xar/mount/launch.hpp"

namespace xar::xarexec {

// What XAR_MOUNT_SEED, XAR_MOUNT_TIMEOUT and /var/lib/xarexec_timeout_override
// say. Throws base::Error for a time-out that is not a number.
mount::MountContext read_mount_context();

// Which backend is to be used: what the option says if it is given, else XAR_BACKEND;
// nothing for all of them in turn. Throws base::Error for an unknown word.
std::optional<backend::Backend> read_backend(const std::optional<std::string>& option);

// Where archives are unpacked that cannot be mounted, the best first: in the user's
// folder for caches, the directories that systemd gives a service, the home of the
// password file, the session's directory, the directories for temporary files, and the
// mount roots `roots`.
std::vector<cache::Location> read_cache_locations(
    const std::vector<std::filesystem::path>& roots);

// Where xarbuild keeps compressed blocks unless told otherwise; empty: nowhere.
std::filesystem::path read_block_cache_folder();

// How many bytes a server keeps decompressed, if XAR_CACHE_SIZE says so. Throws
// base::Error for a size that is none.
std::optional<std::size_t> read_cache_size();

// `text` as whole seconds; `source` is for the message. Throws base::Error with the
// status.
std::uint32_t parse_seconds(std::string_view text, std::string_view source,
                            int exit_status = cli::kExitFailure);

}  // namespace xar::xarexec
