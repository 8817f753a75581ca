// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/launch.hpp"

#include <cstdlib>
#include <ctime>

#include "xar/base/error.hpp"
#include "xar/base/log.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/directory.hpp"
#include "xarexec/environment.hpp"
#include "xarexec/payload.hpp"

namespace xar::xarexec {
namespace {

const std::string& require_target(const header::Header& header, const char* file) {
  if (header.target) return *header.target;
  throw base::Error("nothing to execute in", file,
                    "it holds only files: mount it with xarexec -m");
}

void tell(const OpenArchive& archive) {
  const header::Header& header = archive.header;
  base::debug("opened " + archive.to_mount.path.native() + ": version " + header.version +
              ", UUID " + header.uuid + ", image at byte " +
              std::to_string(header.offset) + ", mount root " +
              header.mount_root.value_or("any"));
}

}  // namespace

void Launch::describe(cli::OptionSet& options) {
  options.value("--backend", backend, kBackends, kBackendHelp, cli::Detail::kRare);
  options.flag("-v,--verbose", verbose,
               "Tell every step on standard error, as XAR_LOG=debug does",
               cli::Detail::kRare);
}

int Launch::run() const {
  if (verbose) ::setenv("XAR_LOG", "debug", 1);
  timespec started{};
  ::clock_gettime(CLOCK_REALTIME, &started);

  const OpenArchive archive =
      executed == nullptr ? open_archive(file) : open_archive(file, executed->get());
  if (base::is_debugging()) tell(archive);
  Payload payload{{}, require_target(archive.header, file), file, arguments};
  const mount::MountContext context = read_mount_context();
  const backend::Directory directory =
      open_archive_directory(request_for(archive, context, read_backend(backend), false));
  payload.directory = directory.path;
  if (base::is_debugging()) {
    base::debug((directory.fresh ? "made " : "found ") + directory.path.native());
  }
  execute(payload, directory, started);
}

}  // namespace xar::xarexec
