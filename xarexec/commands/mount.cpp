// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/mount.hpp"

#include "xar/base/error.hpp"
#include "xar/cli/run.hpp"
#include "xar/mount/launch.hpp"
#include "xar/mount/mount_at.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/directory.hpp"
#include "xarexec/environment.hpp"
#include "xarexec/mount_options.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {
namespace {

void mount_shared(const Mount& command) {
  if (!command.options.empty()) {
    throw cli::StatusError(cli::kWrongUse,
                           "-o is for a mount on a DIR: see xarexec --mount --help");
  }
  const OpenArchive archive = open_archive(command.file);
  mount::MountContext context = read_mount_context();
  if (command.timeout)
    context.timeout = parse_seconds(*command.timeout, "--timeout", cli::kWrongUse);
  const auto backend = read_backend(command.backend);
  if (backend == backend::Backend::kUserns) {
    throw cli::StatusError(
        cli::kWrongUse,
        "a mount in a namespace of its own is not to be seen from outside: "
        "use --backend fuse or extract");
  }
  const backend::Directory provided =
      open_archive_directory(request_for(archive, context, backend, true));
  mount::note_path_given(provided.path, provided.fd.get());
  print_line(provided.path);
}

void mount_held(const Mount& command) {
  mount::MountOptions options;
  for (const std::string& list : command.options) {
    apply_mount_options(list, Unknown::kRefused, options);
  }
  if (command.timeout)
    options.timeout = parse_seconds(*command.timeout, "--timeout", cli::kWrongUse);
  const OpenArchive archive = open_archive(command.file);
  mount::mount_at(archive.to_mount, *command.directory, options);
  print_line(*command.directory);
}

}  // namespace

void Mount::describe(cli::OptionSet& set) {
  set.value("--timeout", timeout, "SECONDS",
            "Unmount after so long without use; never on a DIR unless given");
  set.value("--backend", backend, kBackends, kBackendHelp);
  set.values("-o", options, "OPTION[,...]",
             "On a DIR: allow_other, allow_root, noexec, timeout=SECONDS");
  set.operand("FILE", file, "The archive");
  set.optional_operand("DIR", directory,
                       "Where to mount it, until xarexec --unmount; unless given, where "
                       "its runs find it, until it is idle");
}

int Mount::run() const {
  if (directory) {
    mount_held(*this);
  } else {
    mount_shared(*this);
  }
  return 0;
}

}  // namespace xar::xarexec
