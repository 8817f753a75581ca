// SPDX-License-Identifier: BSD-2-Clause
// A file for intermediate content, which has no name and is gone with its last
// descriptor, also where the process is killed.
#pragma once

#include "xar/base/fd.hpp"

namespace xar::base {

// Open for reading and writing, in $TMPDIR or else /var/tmp, which is on a disk where
// /tmp may be in memory. Throws SystemError.
Fd open_temporary_file();

}  // namespace xar::base
