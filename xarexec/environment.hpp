// SPDX-License-Identifier: BSD-2-Clause
// The environment variables and the file that xarexec obeys.
#pragma once

#include "xar/mount.hpp"

namespace xar::xarexec {

// What XAR_MOUNT_SEED, XAR_MOUNT_TIMEOUT and /var/lib/xarexec_timeout_override
// say. Throws base::Error for a time-out that is not a number.
mount::Surroundings read_surroundings();

// `text` as whole seconds; `source` is for the message. Throws base::Error.
std::uint32_t parse_seconds(std::string_view text, std::string_view source);

}  // namespace xar::xarexec
