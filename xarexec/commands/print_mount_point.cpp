// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/print_mount_point.hpp"

#include "xar/mount/launch.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/environment.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {

void PrintMountPoint::describe(cli::OptionSet& options) {
  options.operand("FILE", file, "The archive");
}

int PrintMountPoint::run() const {
  const OpenArchive archive = open_archive(file);
  const auto slots = mount::locate(archive.header, read_mount_context());
  const auto pinned = mount::pin(slots, archive.to_mount);
  print_line(pinned ? pinned->directory : slots.front().directory());
  return 0;
}

}  // namespace xar::xarexec
