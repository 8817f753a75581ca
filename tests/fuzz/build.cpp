// SPDX-License-Identifier: BSD-2-Clause
// What builds read besides the files that they pack: a sort file, a list of what to leave
// out, entries of the cache of packed blocks, and what the interpreter has reported.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fuzz/support.hpp"
#include "python/build_facts.hpp"
#include "tree/exclusion.hpp"
#include "xar/base/error.hpp"
#include "xar/base/temporary_folder.hpp"
#include "xar/blocks.hpp"
#include "xar/digest.hpp"
#include "xarbuild/list_file.hpp"
#include "xarbuild/sort_file.hpp"
#include "xarexec/python_facts.hpp"

namespace {

using namespace xar;

namespace fs = std::filesystem;

void read_sort_file(const fs::path& path) {
  try {
    for (const auto& [name, priority] : xarbuild::read_sort_file(path)) {
      fuzz::require(!name.empty() && !name.starts_with('/'), "a path is relative");
      fuzz::require(priority >= -32768 && priority <= 32767, "a priority is in range");
    }
  } catch (const base::Error&) {
  }
}

void read_exclude_list(const fs::path& path) {
  std::vector<std::string> patterns = xarbuild::read_lines(path);
  patterns.resize(std::min<std::size_t>(patterns.size(), 20));
  try {
    std::size_t used = 0;
    tree::Exclusion exclusion(patterns, [&](const std::string&) { ++used; });
    for (const std::string file :
         {"a", "a/b", "lib/x.pyc", "deep/er/than/that", "[x]", "\\", "\xff\xfe"}) {
      static_cast<void>(exclusion.matches(file.substr(file.rfind('/') + 1), file));
    }
    fuzz::require(used <= patterns.size(), "a pattern is reported once");
  } catch (const base::Error&) {
  }
}

// An entry is found if it is what was kept, byte for byte, and not otherwise.
void read_cache_entry(std::string_view text) {
  static const base::TemporaryFolder folder;
  static const fs::path entries = folder.path() / "cache";
  static const auto content = digest::blake2b(base::as_bytes("content"));
  blocks::PackedCache cache(entries, 1 << 20, "recipe");
  cache.keep(content, base::as_bytes("packed"));
  std::size_t count = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(entries)) {
    if (!entry.is_regular_file()) continue;
    ++count;
    std::ofstream(entry.path(), std::ios::binary)
        .write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  fuzz::require(count == 1, "an entry is one file");
  base::Bytes packed;
  fuzz::require(!cache.find(content, packed) || base::as_text(packed) == "packed",
                "what is found is what was kept");
  cache.trim([] {});
}

void read_facts(std::string_view text) {
  static_cast<void>(python::parse_facts(text));
  const auto facts = xarexec::parse_python_facts(text);
  fuzz::require(!facts || !facts->bytecode.empty(), "an application has bytecode");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  const base::Fd file = fuzz::as_file(text);
  read_sort_file(fuzz::path_of(file.get()));
  read_exclude_list(fuzz::path_of(file.get()));
  read_cache_entry(text);
  read_facts(text);
  return 0;
}
