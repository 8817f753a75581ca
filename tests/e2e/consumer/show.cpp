// SPDX-License-Identifier: BSD-2-Clause
// show ARCHIVE [PATH]: lists an archive, or prints a file in it.
#include <iostream>
#include <xar/inspect.hpp>
#include <xar/version.hpp>

int main(int argc, char** argv) try {
  if (argc == 2 && std::string_view(argv[1]) == "--version") {
    return std::cout << xar::kVersion << '\n', 0;
  }
  if (argc < 2) return std::cerr << "usage: show ARCHIVE [PATH]\n", 2;
  const xar::inspect::Archive archive = xar::inspect::open_archive(argv[1]);
  if (argc == 3) return std::cout << archive.open(argv[2]).read_all(), 0;
  const xar::inspect::Node root = xar::inspect::find(archive.image, "", false);
  xar::inspect::walk(archive.image, root, [](const xar::inspect::Node& node) {
    std::cout << '/' << node.path << '\n';
  });
} catch (const std::exception& error) {
  return std::cerr << "show: " << error.what() << '\n', 1;
}
