// SPDX-License-Identifier: BSD-2-Clause
#include "support/hostile_image.hpp"

#include <stdexcept>

#include "support/sample_image.hpp"
#include "support/scratch.hpp"

namespace xar::test {

void make_hostile_image(
    const std::filesystem::path& tree, const std::filesystem::path& image,
    const std::vector<std::pair<std::string, std::string>>& replaced) {
  make_image(tree, image, "-noI -noD -noF -noX");
  std::string bytes = read_file(image);
  for (const auto& [from, to] : replaced) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = bytes.find(from, at)) != bytes.npos; ++count) {
      bytes.replace(at, from.size(), to);
    }
    if (count == 0 || from.size() != to.size()) {
      throw std::runtime_error("cannot replace " + from);
    }
  }
  write_file(image, bytes);
}

}  // namespace xar::test
