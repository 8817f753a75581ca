// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/verify.hpp"

#include "xar/base/error.hpp"
#include "xar/base/json.hpp"
#include "xar/base/progress.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"
#include "xarexec/output.hpp"

namespace xar::xarexec {

namespace {

inspect::Verified verify(const std::string& file) {
  const inspect::Archive archive = open_to_inspect(file);
  base::ProgressBar bar(true);
  return inspect::verify(archive, 0, [&bar](const inspect::Progress& progress) {
    bar.show(progress.done, progress.total);
  });
}

}  // namespace

void Verify::describe(cli::OptionSet& options) {
  options.flag("--json", json, "Print it as JSON, also where FILE is not sound");
  options.operand("FILE", file, "The archive");
}

int Verify::run() const {
  base::JsonObject object;
  object.text("file", file);
  inspect::Verified verified;
  try {
    verified = verify(file);
  } catch (const base::Error& error) {
    object.boolean("sound", false).text("error", error.what());
    if (json) print_line(object.str());
    throw;
  }
  if (json) {
    const base::EntryCounts& entries = verified.entries;
    object.boolean("sound", true)
        .number("files", entries.files)
        .number("directories", entries.directories)
        .number("symlinks", entries.symlinks)
        .number("others", entries.others)
        .number("content_bytes", verified.content_bytes)
        .boolean("digest", verified.digest);
    print_line(object.str());
    return 0;
  }
  print_line(base::printable(file) + ": sound: " + base::shown(verified.entries) + ", " +
             base::human_size(verified.content_bytes) +
             (verified.digest ? ", the digest is right" : ", it has no digest"));
  return 0;
}

}  // namespace xar::xarexec
