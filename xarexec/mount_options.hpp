// SPDX-License-Identifier: BSD-2-Clause
// The options of mount(8), as far as they concern a XAR.
#pragma once

#include <string_view>

#include "xar/mount/mount_at.hpp"

namespace xar::xarexec {

enum class Unknown { kRefused, kPassedOver };

// Applies `list`, "ro,timeout=60,noexec", to `options`. A XAR is mounted read-only,
// nosuid and nodev whatever it says; where the image starts is the header's to say, so
// offset is passed over. Throws base::Error for an option that asks for what there is not
// or, where it is refused, for an unknown one.
void apply_mount_options(std::string_view list, Unknown unknown,
                         mount::MountOptions& options);

}  // namespace xar::xarexec
