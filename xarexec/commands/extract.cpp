// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/extract.hpp"

#include <unistd.h>

#include <cstdio>

#include "xar/base/error.hpp"
#include "xar/base/interrupt.hpp"
#include "xar/base/progress.hpp"
#include "xar/extract.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"

namespace xar::xarexec {
namespace {

void warn(std::uint64_t count, const char* what) {
  if (count == 0) return;
  std::fprintf(stderr, "xarexec: left out: %llu %s\n",
               static_cast<unsigned long long>(count), what);
}

void report(const extract::Summary& summary) {
  warn(summary.devices_left_out, "device nodes, which only root can make");
  warn(summary.owners_left_out, "owners, whom this user namespace does not know");
  warn(summary.xattrs_left_out,
       "extended attributes, which the file system or this user cannot set");
}

}  // namespace

void Extract::describe(cli::OptionSet& options) {
  options.flag("--no-privileges", without_privileges,
               "Leave out owners, set-ID bits, devices and all extended attributes but "
               "those of users");
  options.flag("-f,--force", force,
               "Replace files that are there; what else is in DIR stays");
  options.operand("FILE", file, "The archive");
  options.operand("DIR", directory,
                  "The directory: made complete or not at all, or filled if it is there");
  options.operands("PATH", paths, "What to unpack, all unless given");
}

int Extract::run() const {
  const inspect::Archive archive = open_to_inspect(file);
  extract::Options options;
  options.paths = paths;
  options.privileges = !without_privileges;
  options.replace = force;
  // One that is there is filled, one that is not appears complete or not at all.
  const bool is_there = ::access(directory.c_str(), F_OK) == 0;
  extract::Summary summary;
  try {
    base::InterruptWatch interrupts;
    base::ProgressBar bar(true);
    options.on_progress = [&](const extract::Progress& progress) {
      interrupts.check();
      if (progress.total > 0) bar.show(progress.done, progress.total);
    };
    options.on_leftover = [](const std::filesystem::path& left) {
      std::fprintf(stderr, "xarexec: interrupted: '%s' is left: remove it\n",
                   base::printable(left.native()).c_str());
    };
    summary = is_there ? extract::extract_into(archive.image, directory, options)
                       : extract::extract_as(archive.image, directory, options);
  } catch (const base::Interrupted& interrupted) {
    if (is_there) {
      std::fprintf(stderr, "xarexec: interrupted: '%s' is left incomplete\n",
                   base::printable(directory).c_str());
    }
    base::die_of(interrupted.signal);
  }
  if (!without_privileges) report(summary);
  return 0;
}

}  // namespace xar::xarexec
