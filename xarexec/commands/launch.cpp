// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/launch.hpp"

#include <ctime>

#include "xar/base/error.hpp"
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

}  // namespace

void Launch::describe(cli::OptionSet& options) {
  options.value("--backend", backend, kBackends, kBackendHelp, cli::Detail::kRare);
}

int Launch::run() const {
  timespec started{};
  ::clock_gettime(CLOCK_REALTIME, &started);

  const OpenArchive archive =
      executed == nullptr ? open_archive(file) : open_archive(file, executed->get());
  Payload payload{{}, require_target(archive.header, file), file, arguments};
  const mount::Surroundings surroundings = read_surroundings();
  const backend::Directory directory =
      provide(request_for(archive, surroundings, read_backend(backend), false));
  payload.directory = directory.path;
  execute(payload, directory, started);
}

}  // namespace xar::xarexec
