// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/mount_helper.hpp"

#include "xar/base/error.hpp"
#include "xar/cli/run.hpp"
#include "xar/mount/mount_at.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/mount_options.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {

void MountHelper::describe(cli::OptionSet& set) {
  set.values("-o", options, "OPTION[,...]",
             "allow_other, allow_root, noexec, timeout=SECONDS; what mount(8) has for "
             "every type is understood");
  set.value("-t", type, "TYPE", "The file system's type, xar or fuse.xar");
  set.flag("-f", fake, "Look at everything, mount nothing");
  set.flag("-s", sloppy, "Pass over options that are unknown");
  set.flag("-v", verbose, "Say what is mounted where");
  set.flag("-n", without_mtab, "Without effect: there is no /etc/mtab to write");
  set.operand("FILE", file, "The archive");
  set.operand("DIR", directory, "Where to mount it");
}

int MountHelper::run() const {
  try {
    mount::MountOptions applied;
    for (const std::string& list : options) {
      apply_mount_options(list, sloppy ? Unknown::kPassedOver : Unknown::kRefused,
                          applied);
    }
    const OpenArchive archive = open_archive(file);
    if (!fake) mount::mount_at(archive.to_mount, directory, applied);
    if (verbose) print_line(file + " mounted on " + directory);
  } catch (const base::Error& error) {
    throw cli::StatusError(kMountFailure, error);
  }
  return 0;
}

}  // namespace xar::xarexec
