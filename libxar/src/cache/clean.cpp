// SPDX-License-Identifier: BSD-2-Clause
// Removing what has not been used for long. Runs hold a lock on the directory that they
// use, and who unpacks holds the entry's: both are taken before anything is removed.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <set>

#include "cache/folder.hpp"
#include "cache/lock.hpp"
#include "cache/manifest.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/cache.hpp"

namespace xar::cache {
namespace {

namespace fs = std::filesystem;

// "UUID-0123456789abcdef"
bool is_entry(std::string_view name) {
  constexpr std::size_t kDigits = 16;
  const std::size_t dash = name.rfind('-');
  return dash != name.npos && dash > 0 && name.size() - dash - 1 == kDigits &&
         name.find_first_not_of("0123456789abcdef", dash + 1) == name.npos;
}

// The entry to which something called `name` belongs; empty where there is none.
std::string entry_of(std::string_view name) {
  for (const std::string_view suffix : {".whole", ".lock"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  if (name.starts_with('.')) name = name.substr(1, name.rfind('.') - 1);
  return is_entry(name) ? std::string(name) : std::string();
}

std::set<std::string> entries_in(const Folder& folder) {
  std::set<std::string> entries;
  base::for_each_name(folder.path(), [&](const char* name) {
    std::string entry = entry_of(name);
    if (!entry.empty()) entries.insert(std::move(entry));
  });
  return entries;
}

class Cleaner {
 public:
  Cleaner(const Folder& folder, const Cleaning& cleaning)
      : folder_(folder), cleaning_(cleaning) {}

  // Whether the entry has been removed, or would be.
  [[nodiscard]] bool remove(const std::string& name) const {
    if (!is_old(name)) return false;
    const base::Fd tree = folder_.open_own(name, O_RDONLY | O_DIRECTORY);
    if (!tree && errno != ENOENT) return false;
    if (tree && ::flock(tree.get(), LOCK_EX | LOCK_NB) != 0) return false;
    if (cleaning_.is_used && cleaning_.is_used(folder_.path() / name)) return false;
    if (cleaning_.dry_run) return true;
    const Lock lock(folder_, name + ".lock", {});
    // Used, perhaps, until the lock was ours, or made anew: what is there must be what is
    // locked.
    if (!lock.held() || !is_old(name) || !is_same(name, tree)) return false;
    ::unlinkat(folder_.fd(), manifest_name(name).c_str(), 0);
    folder_.discard(name);
    folder_.discard_unfinished(name);
    return true;
  }

 private:
  // By the latest use, where it is known, or when it was begun.
  [[nodiscard]] bool is_old(const std::string& name) const {
    struct stat status {};
    std::time_t latest = 0;
    if (is_there(manifest_name(name), status)) {
      latest = status.st_mtim.tv_sec;
    } else {
      for (const std::string& part : {name, name + ".lock"}) {
        if (is_there(part, status)) latest = std::max(latest, status.st_ctim.tv_sec);
      }
    }
    const std::time_t now = std::time(nullptr);
    return now >= latest &&
           static_cast<std::uint64_t>(now - latest) >= cleaning_.older_than;
  }

  [[nodiscard]] bool is_same(const std::string& name, const base::Fd& tree) const {
    struct stat status {};
    return tree ? folder_.is_named(tree.get(), name) : !is_there(name, status);
  }

  bool is_there(const std::string& name, struct stat& status) const {
    return ::fstatat(folder_.fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  }

  const Folder& folder_;
  const Cleaning& cleaning_;
};

}  // namespace

void clean(const Location& location, const Cleaning& cleaning,
           const std::function<void(const fs::path&)>& removed) {
  for (const Folder& folder : Folder::open_all(location)) {
    const Cleaner cleaner(folder, cleaning);
    for (const std::string& name : entries_in(folder)) {
      if (cleaner.remove(name)) removed(folder.path() / name);
    }
  }
}

}  // namespace xar::cache
