// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/packing_order.hpp"

#include <algorithm>
#include <string_view>

namespace xar::squashfs {
namespace {

// What files are sorted by: "a/__pycache__/b.cpython-311.pyc" stands where
// "a/b.py" does, and behind it.
std::string sort_key(const std::string& path) {
  constexpr std::string_view kFolder = "__pycache__/";
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return path;
  const std::size_t name = slash + 1;
  const std::string_view folder = std::string_view(path).substr(0, name);
  if (!folder.ends_with(kFolder)) return path;
  const std::size_t stem = path.find('.', name);
  return path.substr(0, name - kFolder.size()) + path.substr(name, stem - name) + ".py" +
         '\x01' + path.substr(name);
}

// Files of one module are not torn apart: the name up to its first dot.
std::string_view module_of(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  return key.substr(0, key.find('.', slash == key.npos ? 0 : slash));
}

// FNV-1a: the same on every machine.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

// The priority of a path is its own, else that of the nearest folder that has one.
int priority_of(std::string_view path, const Priorities& priorities) {
  while (!path.empty()) {
    const auto found = priorities.find(std::string(path));
    if (found != priorities.end()) return found->second;
    const std::size_t slash = path.rfind('/');
    path = path.substr(0, slash == path.npos ? 0 : slash);
  }
  return 0;
}

struct Keyed {
  int priority = 0;
  std::string key;
  PackedFile file;
};

}  // namespace

void put_in_packing_order(std::vector<PackedFile>& files, const Priorities& priorities) {
  std::vector<Keyed> keyed;
  keyed.reserve(files.size());
  for (PackedFile& file : files) {
    const int priority = priorities.empty() ? 0 : priority_of(file.path, priorities);
    std::string key = sort_key(file.path);
    keyed.push_back({priority, std::move(key), std::move(file)});
  }
  std::ranges::stable_sort(keyed, [](const Keyed& a, const Keyed& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.key < b.key;
  });
  std::string_view module;
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i] = std::move(keyed[i].file);
    // One module in two, by a bit that all of the name has had a part in.
    files[i].may_cut =
        module_of(keyed[i].key) != module && (hash_of(module_of(keyed[i].key)) >> 20) % 2;
    module = module_of(keyed[i].key);
  }
}

}  // namespace xar::squashfs
