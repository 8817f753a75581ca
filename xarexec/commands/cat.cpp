// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/commands/cat.hpp"

#include <unistd.h>

#include <cstring>

#include "xar/base/bytes.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/inspect.hpp"
#include "xarexec/archive.hpp"

namespace xar::xarexec {
namespace {

constexpr std::size_t kBuffer = 1 << 20;

void print_file(const image::Image& image, const inspect::Node& node) {
  base::Bytes buffer(kBuffer);
  for (std::uint64_t at = 0;;) {
    std::size_t got = 0;
    const int error = image.read(node.entry.inode, at, buffer, got);
    if (error != 0) {
      throw base::Error("cannot read '" + node.path + "' in", image.name(),
                        std::strerror(error));
    }
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
    throw base::Error("no PATH given: see xarexec --cat --help", cli::kWrongUse);
  }
  const inspect::Archive archive = open_to_inspect(file);
  std::vector<inspect::Node> nodes;
  for (const std::string& path : paths) {
    nodes.push_back(inspect::find(archive.image, path, true));
    if (!S_ISREG(nodes.back().status.st_mode)) {
      throw base::Error("cannot print '" + path + "' in", file,
                        "it is not a regular file");
    }
  }
  for (const inspect::Node& node : nodes) print_file(archive.image, node);
  return 0;
}

}  // namespace xar::xarexec
