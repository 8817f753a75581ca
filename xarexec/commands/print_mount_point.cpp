// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/print_mount_point.hpp"

#include "xar/mount.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {

void PrintMountPoint::describe(OptionSet& options) {
  options.operand("FILE", file, "The archive");
}

int PrintMountPoint::run() const {
  print_line(mount::locate(read_header(file), read_surroundings()).directory());
  return 0;
}

}  // namespace xar::xarexec
