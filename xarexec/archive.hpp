// SPDX-License-Identifier: BSD-2-Clause
// An archive as a command opens it: checked who asks, its header read.
#pragma once

#include <string>

#include "xar/base/fd.hpp"
#include "xar/header.hpp"
#include "xar/inspect.hpp"
#include "xar/mount/launch.hpp"

namespace xar::xarexec {

struct OpenArchive {
  base::Fd fd;  // owns nothing where the file was open before
  header::Header header;
  mount::Archive to_mount;  // borrows the descriptor
};

// Opens the archive `file`. Throws base::Error, also where xarexec has been made
// setuid: it would act on files with rights that its caller has not.
OpenArchive open_archive(const std::string& file);

// As inspect::open_archive(), for commands that look into `file`. Both suggest a file
// that may have been meant where there is none.
inspect::Archive open_to_inspect(const std::string& file);

// The same of a file that is open as `fd`, which stays the caller's, and called `file`.
OpenArchive open_archive(const std::string& file, int fd);

}  // namespace xar::xarexec
