// SPDX-License-Identifier: BSD-2-Clause
// The environment variables and the file that xarexec obeys.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "xar/backend.hpp"
#include "xar/mount.hpp"

namespace xar::xarexec {

// What XAR_MOUNT_SEED, XAR_MOUNT_TIMEOUT and /var/lib/xarexec_timeout_override
// say. Throws base::Error for a time-out that is not a number.
mount::Surroundings read_surroundings();

// Which rung of the ladder is to be used: what the option says if it is given, else
// XAR_BACKEND; nothing for all of them in turn. Throws base::Error for an unknown word.
std::optional<backend::Rung> read_rung(const std::optional<std::string>& option);

// Where archives are unpacked that cannot be mounted: "xar" in XDG_CACHE_HOME or
// ~/.cache; empty if neither is known.
std::filesystem::path cache_folder();

// How many bytes a server keeps decompressed, if XAR_CACHE_SIZE says so. Throws
// base::Error for a size that is none.
std::optional<std::size_t> read_cache_size();

// `text` as whole seconds; `source` is for the message. Throws base::Error.
std::uint32_t parse_seconds(std::string_view text, std::string_view source);

}  // namespace xar::xarexec
