// SPDX-License-Identifier: BSD-2-Clause
// From an archive to its running payload. With a live mount this is the fast
// path: header, pin, exec.
#pragma once

#include "xar/mount.hpp"
#include "xarexec/options.hpp"

namespace xar::xarexec {

// Does what `options` ask for; does not return if the payload is executed. Throws
// base::Error with the exit status that fits.
int launch(const Options& options);

}  // namespace xar::xarexec
