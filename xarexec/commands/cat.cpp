// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/cat.hpp"

#include <unistd.h>

#include <cstring>

#include "xar/base/bytes.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/cli/run.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"

namespace xar::xarexec {
namespace {

constexpr std::size_t kBuffer = 1 << 20;

void print_file(const inspect::File& file) {
  base::Bytes buffer(kBuffer);
  for (std::uint64_t at = 0;;) {
    const std::size_t got = file.read(at, buffer);
    base::write_all(STDOUT_FILENO, base::ByteView(buffer).first(got), "standard output");
    at += got;
    if (got < buffer.size()) return;
  }
}

}  // namespace

void Cat::describe(cli::OptionSet& options) {
  options.operand("FILE", file, "The archive");
  options.operands("PATH", paths, "Files in it");
}

int Cat::run() const {
  if (paths.empty()) {
    throw cli::StatusError(cli::kWrongUse, "no PATH given: see xarexec --cat --help");
  }
  const inspect::Archive archive = open_to_inspect(file);
  // All are found before any is printed.
  std::vector<inspect::File> files;
  for (const std::string& path : paths) files.push_back(archive.open(path));
  for (const inspect::File& found : files) print_file(found);
  return 0;
}

}  // namespace xar::xarexec
