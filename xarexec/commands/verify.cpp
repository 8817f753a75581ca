// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/verify.hpp"

#include "xar/base/error.hpp"
#include "xar/base/progress.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {

void Verify::describe(cli::OptionSet& options) {
  options.operand("FILE", file, "The archive");
}

int Verify::run() const {
  const inspect::Archive archive = open_to_inspect(file);
  inspect::Verified verified;
  {
    base::ProgressBar bar(true);
    verified = inspect::verify(archive, 0, [&bar](const inspect::Progress& progress) {
      bar.show(progress.done, progress.total);
    });
  }
  print_line(base::printable(file) + ": sound: " + base::shown(verified.entries) + ", " +
             base::human_size(verified.content_bytes) +
             (verified.digest ? ", the digest is right" : ", it has no digest"));
  return 0;
}

}  // namespace xar::xarexec
