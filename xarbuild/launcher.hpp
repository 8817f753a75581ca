// SPDX-License-Identifier: BSD-2-Clause
// Which launcher a standalone archive gets.
#pragma once

#include <optional>

#include "xar/archive.hpp"
#include "xarbuild/options.hpp"

namespace xar::xarbuild {

// The launcher that `options` name or, where they only ask for one, that is installed
// with xarbuild; nothing if they ask for none. Warns of one that is not static. Throws
// base::Error if there is none that would do.
std::optional<archive::Launcher> find_launcher(const Options& options);

}  // namespace xar::xarbuild
