// SPDX-License-Identifier: BSD-2-Clause
// show ARCHIVE: what another project writes to list one.
#include <iostream>
#include <xar/base/error.hpp>
#include <xar/inspect.hpp>

int main(int argc, char** argv) {
  return xar::base::run_main("show", [&] {
    if (argc != 2) throw xar::base::Error("usage: show ARCHIVE");
    const xar::inspect::Archive archive = xar::inspect::open_archive(argv[1]);
    const xar::inspect::Node root = xar::inspect::find(archive.image, "", false);
    xar::inspect::walk(archive.image, root, [](const xar::inspect::Node& node) {
      std::cout << '/' << node.path << '\n';
    });
    return 0;
  });
}
