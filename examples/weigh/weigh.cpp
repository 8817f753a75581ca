// SPDX-License-Identifier: BSD-2-Clause
// weigh ARCHIVE [NUMBER]: which files make an archive large. Shows how a program looks
// into archives with libxar: open one, walk through it, read a file.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
#include <xar/base/error.hpp>
#include <xar/inspect.hpp>

namespace {

using xar::inspect::Archive;
using xar::inspect::Node;

std::uint64_t size_of(const Node& file) {
  return static_cast<std::uint64_t>(file.status.st_size);
}

// The regular files of an archive, the largest first. Nothing is mounted or unpacked.
std::vector<Node> files_by_size(const Archive& archive) {
  std::vector<Node> files;
  const Node root = xar::inspect::find(archive.image, "", false);
  xar::inspect::walk(archive.image, root, [&files](const Node& node) {
    if (S_ISREG(node.status.st_mode)) files.push_back(node);
  });
  std::stable_sort(files.begin(), files.end(),
                   [](const Node& a, const Node& b) { return size_of(a) > size_of(b); });
  return files;
}

// What a file begins with tells what it is. Reading is by inode: the walk has found it.
const char* kind_of(const Archive& archive, const Node& file) {
  std::array<std::byte, 4> front{};
  const std::size_t got = xar::inspect::read(archive.image, file, 0, front);
  if (got == 4 && std::memcmp(front.data(),
                              "\x7f"
                              "ELF",
                              4) == 0)
    return "program";
  if (got >= 2 && std::memcmp(front.data(), "#!", 2) == 0) return "script";
  return "data";
}

int weigh(const char* path, std::size_t wanted) {
  const Archive archive = xar::inspect::open_archive(path);
  std::printf("%s runs %s\n", path, archive.header.target.value_or("nothing").c_str());
  std::vector<Node> files = files_by_size(archive);
  files.resize(std::min(files.size(), wanted));
  for (const Node& file : files) {
    std::printf("%10llu  %-7s  %s\n", static_cast<unsigned long long>(size_of(file)),
                kind_of(archive, file), xar::base::printable(file.path).c_str());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2 && argc != 3) {
    std::fputs("usage: weigh ARCHIVE [NUMBER]\n", stderr);
    return 2;
  }
  return weigh(argv[1], argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 10);
} catch (const xar::base::Error& error) {
  // The sentence is on one line and safe for a terminal.
  std::fprintf(stderr, "weigh: %s\n", error.what());
  return 1;
}
