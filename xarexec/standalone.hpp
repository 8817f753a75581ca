// SPDX-License-Identifier: BSD-2-Clause
// A launcher that stands in front of its archive: one file that needs nothing.
#pragma once

#include <optional>
#include <string>

#include "xarexec/commands/launch.hpp"

namespace xar::xarexec {

// The launch of the archive that this program carries, if it does and was not called by
// a name of xarexec's: then it is one, for any archive. All words are the payload's.
// Makes no system call. Throws base::Error if it cannot tell which file it is. `file`
// receives that file's path and has to live as long as the launch.
std::optional<Launch> own_launch(char** argv, std::string& file);

}  // namespace xar::xarexec
