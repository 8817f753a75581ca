// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/launch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/header.hpp"
#include "xarexec/payload.hpp"

namespace xar::xarexec {
namespace {

void refuse_other_identity() {
  if (::getuid() == ::geteuid()) return;
  throw base::Error("real and effective user differ: xarexec must not be setuid");
}

void print_line(const std::string& text) {
  if (std::puts(text.c_str()) < 0 || std::fflush(stdout) != 0) {
    base::throw_errno("cannot write to", "standard output");
  }
}

const std::string& require_target(const header::Header& header, const char* file) {
  if (header.target) return *header.target;
  throw base::Error("nothing to execute in", file,
                    "it holds only files: mount it with xarexec -m");
}

}  // namespace

int launch(const Options& options) {
  timespec started{};
  ::clock_gettime(CLOCK_REALTIME, &started);
  refuse_other_identity();

  const base::Fd file = base::open_file(options.file, O_RDONLY);
  const header::Header header = header::read(file.get(), options.file);
  Payload payload{{}, {}, options.file, options.arguments};
  if (options.action == Action::kRun)
    payload.target = require_target(header, options.file);

  const mount::Surroundings surroundings = read_surroundings();
  const mount::Place place = mount::locate(header, surroundings);
  payload.directory = place.directory();
  if (options.action == Action::kPrintMountPoint) {
    print_line(payload.directory);
    return 0;
  }
  std::optional<mount::Pinned> pinned = mount::pin(place);
  if (!pinned) {
    pinned = mount::ensure(place, {options.file, header.offset}, surroundings);
  }
  if (options.action == Action::kMount) {
    print_line(payload.directory);
    return 0;
  }
  execute(payload, *pinned, started);
}

}  // namespace xar::xarexec
