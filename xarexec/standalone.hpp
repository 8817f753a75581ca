// SPDX-License-Identifier: BSD-2-Clause
// A launcher that stands in front of its archive: one file that needs nothing.
#pragma once

#include <optional>
#include <string>

#include "xar/base/fd.hpp"
#include "xarexec/commands/launch.hpp"

namespace xar::xarexec {

// The file that this process executes. It need not have a path: it can have been removed,
// or be executed by a descriptor.
struct Executed {
  base::Fd fd;       // open for reading
  std::string path;  // as whoever executed it knows it
};

// The launch of the archive that this program carries, if it does and was not called by
// a name of xarexec's: then it is one, for any archive. All words are the payload's.
// Throws base::Error if it cannot tell which file it is. `executed` receives the file and
// has to live as long as the launch.
std::optional<Launch> own_launch(char** argv, Executed& executed);

}  // namespace xar::xarexec
