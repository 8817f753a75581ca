// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/launch.hpp"

#include <ctime>

#include "xar/base/error.hpp"
#include "xar/mount.hpp"
#include "xarexec/archive.hpp"
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

void Launch::describe(OptionSet&) {}

int Launch::run() const {
  timespec started{};
  ::clock_gettime(CLOCK_REALTIME, &started);

  const header::Header header = read_header(file);
  Payload payload{{}, require_target(header, file), file, arguments};
  const mount::Surroundings surroundings = read_surroundings();
  const mount::Place place = mount::locate(header, surroundings);
  payload.directory = place.directory();
  std::optional<mount::Pinned> pinned = mount::pin(place);
  if (!pinned) pinned = mount::ensure(place, {file, header.offset}, surroundings);
  execute(payload, *pinned, started);
}

}  // namespace xar::xarexec
