// SPDX-License-Identifier: BSD-2-Clause
// An archive as a directory, for the commands that need one.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "xar/backend.hpp"
#include "xarexec/archive.hpp"

namespace xar::xarexec {

// Where an archive of this header may be unpacked, the best first.
std::vector<cache::Location> cache_locations_for(
    const header::Header& header, const std::vector<std::filesystem::path>& roots);

// What a launch of `archive` asks for; with -m, `for_others`, nothing is executed.
// Borrows both.
backend::Request request_for(const OpenArchive& archive,
                             const mount::MountContext& context,
                             std::optional<backend::Backend> backend, bool for_others);

// backend::open_directory(), whose error names the command that tells more where several
// things were tried.
backend::Directory open_archive_directory(const backend::Request& request);

}  // namespace xar::xarexec
