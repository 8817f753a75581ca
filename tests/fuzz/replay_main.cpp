// SPDX-License-Identifier: BSD-2-Clause
// In place of libFuzzer, where another compiler builds: passes every file of the given
// folders to the target, once. Options of libFuzzer's are ignored.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/support.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(int count, char** words) {
  std::vector<fs::path> files;
  for (int i = 1; i < count; ++i) {
    if (words[i][0] == '-') continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(words[i])) {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<fs::path> files = files_of(count, words);
  for (const fs::path& path : files) {
    std::printf("%s\n", path.c_str());
    std::fflush(stdout);
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()),
                           text.size());
  }
  std::printf("%zu inputs\n", files.size());
  return files.empty() ? 1 : 0;
}
