// SPDX-License-Identifier: BSD-2-Clause
// Everything that xarexec can be asked for: one type and one file in commands/
// each. A new command is such a file and one more type in this list; parsing, help
// and dispatch follow from it. A command has
//
// - static constexpr CommandInfo kInfo: how it is asked for, and what help says of it;
// - void describe(OptionSet&): its options and operands;
// - int run() const: does it, and returns the exit status.
#pragma once

#include <variant>

#include "xarexec/commands/cat.hpp"
#include "xarexec/commands/clean.hpp"
#include "xarexec/commands/diff.hpp"
#include "xarexec/commands/doctor.hpp"
#include "xarexec/commands/extract.hpp"
#include "xarexec/commands/info.hpp"
#include "xarexec/commands/launch.hpp"
#include "xarexec/commands/list_files.hpp"
#include "xarexec/commands/list_mounts.hpp"
#include "xarexec/commands/mount.hpp"
#include "xarexec/commands/mount_helper.hpp"
#include "xarexec/commands/print_mount_point.hpp"
#include "xarexec/commands/unmount.hpp"
#include "xarexec/commands/verify.hpp"

namespace xar::xarexec {

// In the order in which help lists them.
using Command =
    std::variant<Launch, MountHelper, Mount, Unmount, ListMounts, Clean, Doctor,
                 PrintMountPoint, Info, ListFiles, Cat, Extract, Verify, Diff>;

}  // namespace xar::xarexec
