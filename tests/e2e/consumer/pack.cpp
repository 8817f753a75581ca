// SPDX-License-Identifier: BSD-2-Clause
// pack DIRECTORY OUT: what another project writes to make an archive.
#include <xar/archive.hpp>
#include <xar/base/error.hpp>

int main(int argc, char** argv) {
  return xar::base::run_main("pack", [&] {
    if (argc != 3) throw xar::base::Error("usage: pack DIRECTORY OUT");
    const xar::tree::Tree tree = xar::tree::scan(argv[1]);
    xar::header::Header header;
    header.version = std::to_string(tree.newest_mtime());
    xar::archive::write(argv[2], header, tree, {}, 022);
    return 0;
  });
}
