// SPDX-License-Identifier: BSD-2-Clause
#include <iostream>
#include <xar/archive.hpp>

int main(int argc, char** argv) try {
  if (argc != 3) return 2;
  xar::archive::build({.source = argv[1], .target = "", .output = argv[2]});
} catch (const std::exception& error) {
  return std::cerr << "pack: " << error.what() << '\n', 1;
}
