// SPDX-License-Identifier: BSD-2-Clause
// Tar streams of every kind. What comes out is a tree that can be packed.
#include <algorithm>
#include <map>
#include <string>

#include "fuzz/support.hpp"
#include "xar/base/error.hpp"
#include "xar/tree.hpp"

namespace {

using namespace xar;

void check(const tree::Tree& tree) {
  std::map<const tree::Inode*, std::uint32_t> names;
  tree::for_each_entry(tree, [&](const std::string&, const tree::Entry& entry) {
    fuzz::require(
        !entry.name.empty() && entry.name.size() <= 255 && entry.name != "." &&
            entry.name != ".." &&
            entry.name.find_first_of(std::string("/\0", 2)) == std::string::npos,
        "a name is one");
    fuzz::require(std::ranges::is_sorted(entry.inode->entries, {}, &tree::Entry::name),
                  "names are sorted");
    ++names[entry.inode.get()];
    if (entry.inode->type == tree::Type::kSymlink) {
      fuzz::require(!entry.inode->target.empty(), "a symlink leads somewhere");
    }
  });
  for (const auto& [inode, count] : names) {
    fuzz::require(inode->links == count, "a file has as many names as it says");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Fd file = fuzz::as_file(fuzz::as_text(data, size));
  tree::ScanOptions options;
  options.excluded = {"*.o", "d/x"};
  unsigned calls = 0;
  options.meanwhile = [&] {
    if (++calls > 5000) throw fuzz::Enough();
  };
  try {
    check(tree::read_tar(file.get(), "input", options).tree);
  } catch (const fuzz::Enough&) {
  } catch (const base::Error&) {
  }
  return 0;
}
