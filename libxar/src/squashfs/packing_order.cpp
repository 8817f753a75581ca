// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/packing_order.hpp"

#include <algorithm>
#include <string_view>

namespace xar::squashfs {
namespace {

// Between the parts of a key: below all that names usually have.
constexpr char kEnd = '\x01';

// What files are sorted by: "a/b.py" by folder, suffix and name, so that what is alike in
// a folder shares blocks; "a/__pycache__/b.cpython-311.pyc" as a/b.py, and behind it.
std::string sort_key(const std::string& path) {
  constexpr std::string_view kBytecodeFolder = "__pycache__/";
  const std::size_t slash = path.rfind('/');
  const std::size_t begin = slash == path.npos ? 0 : slash + 1;
  std::string folder = path.substr(0, begin);
  const std::string name = path.substr(begin);
  if (folder.ends_with(kBytecodeFolder)) {
    folder.resize(folder.size() - kBytecodeFolder.size());
    return folder + ".py" + kEnd + name.substr(0, name.find('.')) + ".py" + kEnd + name;
  }
  const std::size_t dot = name.rfind('.');
  return folder + (dot == name.npos ? "" : name.substr(dot)) + kEnd + name;
}

// Files of one module are not torn apart: the key up to the name's first dot.
std::string_view module_of(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  const std::size_t name = key.find(kEnd, slash == key.npos ? 0 : slash);
  return key.substr(0, key.find('.', name));
}

// FNV-1a of 32 bits, other than base::fnv1a(): the bytes of images depend on it.
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

void put_in_packing_order(std::vector<PackedFile>& files, const Priorities& priorities,
                          const std::function<void()>& tick) {
  std::vector<Keyed> keyed;
  keyed.reserve(files.size());
  for (PackedFile& file : files) {
    tick();
    const int priority = priorities.empty() ? 0 : priority_of(file.path, priorities);
    std::string key = sort_key(file.path);
    keyed.push_back({priority, std::move(key), std::move(file)});
  }
  constexpr unsigned kTickEvery = 1024;
  unsigned comparisons = 0;
  std::ranges::stable_sort(keyed, [&](const Keyed& a, const Keyed& b) {
    if (++comparisons % kTickEvery == 0) tick();
    return a.priority != b.priority ? a.priority > b.priority : a.key < b.key;
  });
  std::string_view module;
  for (std::size_t i = 0; i < files.size(); ++i) {
    tick();
    files[i] = std::move(keyed[i].file);
    // One module in two, by a bit that all of the name has had a part in.
    files[i].may_cut =
        module_of(keyed[i].key) != module && (hash_of(module_of(keyed[i].key)) >> 20) % 2;
    module = module_of(keyed[i].key);
  }
}

}  // namespace xar::squashfs
