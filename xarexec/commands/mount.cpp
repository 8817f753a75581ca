// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/mount.hpp"

#include "xar/mount.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/environment.hpp"

namespace xar::xarexec {

void Mount::describe(OptionSet& options) {
  options.operand("FILE", file, "The archive");
}

int Mount::run() const {
  const header::Header header = read_header(file);
  const mount::Surroundings surroundings = read_surroundings();
  const mount::Place place = mount::locate(header, surroundings);
  if (!mount::pin(place)) mount::ensure(place, {file, header.offset}, surroundings);
  print_line(place.directory());
  return 0;
}

}  // namespace xar::xarexec
