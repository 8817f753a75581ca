// SPDX-License-Identifier: BSD-2-Clause
// xarexec's command line and the environment variables that it obeys.
#pragma once

#include <filesystem>
#include <optional>

#include "xar/mount.hpp"

namespace xar::xarexec {

enum class Action { kRun, kMount, kPrintMountPoint };

struct Options {
  Action action = Action::kRun;
  // The archive, as the user wrote it.
  const char* file = nullptr;
  // What belongs to the payload, null-terminated; borrowed from argv.
  char** arguments = nullptr;
};

// Reads the command line. Options stand before FILE; all that follows FILE is the
// payload's. A plain `xarexec FILE ...`, which is how the kernel calls it, is
// recognised without the option parser. Empty if help or version was asked for
// and has been printed. Throws base::Error for words it does not know.
std::optional<Options> parse_options(int argc, char** argv);

// What XAR_MOUNT_SEED, XAR_MOUNT_TIMEOUT and /var/lib/xarexec_timeout_override
// say. Throws base::Error for a time-out that is not a number.
mount::Surroundings read_surroundings();

}  // namespace xar::xarexec
