// SPDX-License-Identifier: BSD-2-Clause
// Removing what is left over. Root does it in folders of others, who may put anything
// there at any time: all is done relative to descriptors, and no link is followed.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <set>

#include "mount/attach.hpp"
#include "mount/proc.hpp"
#include "xar/base/fd.hpp"
#include "xar/mount.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLockPrefix = "lockfile.";

bool may_clean(uid_t owner) {
  return ::geteuid() == 0 || owner == ::geteuid();
}

// Whose folder that is by its name, "uid-1000".
std::optional<uid_t> owner_by_name(std::string_view name) {
  constexpr std::string_view kPrefix = "uid-";
  uid_t owner = 0;
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + kPrefix.size(), end, owner);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return owner;
}

// A folder, if it is `owner`'s and the caller may clean it.
base::Fd open_folder(const fs::path& path, uid_t owner) {
  base::Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!may_clean(owner) || !fd || ::fstat(fd.get(), &status) != 0 ||
      status.st_uid != owner) {
    return base::Fd();
  }
  return fd;
}

// The lock of `name`, held, or nothing where somebody holds it or it cannot be locked.
// Where there is no such file, `missing` is set: nobody holds it then.
base::Fd try_lock(int folder, const std::string& name, bool& missing) {
  base::Fd fd(
      ::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  missing = !fd && errno == ENOENT;
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return base::Fd();
  return fd;
}

std::uint64_t age_of(const struct stat& status) {
  const std::time_t now = std::time(nullptr);
  return now > status.st_mtime ? static_cast<std::uint64_t>(now - status.st_mtime) : 0;
}

class Cleaner {
 public:
  using Report = std::function<void(Leftover, const fs::path&)>;

  Cleaner(const Cleaning& cleaning, const Report& report)
      : cleaning_(cleaning), report_(report), mounts_(list_mounted()) {
    for (const Mounted& mounted : mounts_) points_.insert(mounted.point);
  }

  void dead_mounts() {
    for (const Mounted& mounted : mounts_) {
      if (mounted.service != Service::kDead || !may_clean(mounted.owner)) continue;
      if (remove_dead(mounted)) {
        points_.erase(mounted.point);
        report_(Leftover::kDeadMount, mounted.point);
      }
    }
  }

  void root(const fs::path& root) {
    for_each_name(root, [&](const char* name) {
      if (const auto owner = owner_by_name(name)) user_folder(root / name, *owner);
    });
  }

  // An entry of the cache is complete from its first moment, and no build minds if it
  // goes: there is nothing to lock.
  void cache(const fs::path& path) {
    for_each_name(path, [&](const char* name) {
      const bool is_part = std::string_view(name).size() == 2;
      const base::Fd fd = is_part ? open_folder(path / name, ::geteuid()) : base::Fd();
      if (!fd) return;
      for_each_name(path / name,
                    [&](const char* entry) { cached(fd.get(), path / name, entry); });
    });
  }

  void user_folder(const fs::path& path, uid_t owner) {
    const base::Fd fd = open_folder(path, owner);
    if (fd) folder(fd.get(), path);
  }

 private:
  [[nodiscard]] bool remove_dead(const Mounted& mounted) const {
    const base::Fd parent(::open(mounted.point.parent_path().c_str(),
                                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    bool missing = false;
    const std::string name = mounted.point.filename();
    const base::Fd lock =
        try_lock(parent.get(), std::string(kLockPrefix) + name, missing);
    if (!parent || (!lock && !missing)) return false;
    // Through the descriptor: by its path, a user could lead root elsewhere.
    const fs::path point = "/proc/self/fd/" + std::to_string(parent.get()) + "/" + name;
    if (device_at(point) != mounted.device) return false;
    return cleaning_.dry_run ||
           detach(::geteuid() == 0 ? point : mounted.point, Detach::kNow);
  }

  void folder(int fd, const fs::path& path) {
    std::vector<std::string> names;
    for_each_name(path, [&](const char* name) { names.emplace_back(name); });
    // Directories first, then the locks that have become useless by that.
    for (const std::string& name : names) {
      if (!name.starts_with(kLockPrefix)) directory(fd, path, name);
    }
    for (const std::string& name : names) {
      if (name.starts_with(kLockPrefix)) lock_file(fd, path, name);
    }
  }

  // One without a lock file is not a launcher's, or one is about to lock it.
  void directory(int folder, const fs::path& path, const std::string& name) {
    const fs::path point = path / name;
    if (points_.contains(point)) return;
    bool missing = false;
    const base::Fd lock = try_lock(folder, std::string(kLockPrefix) + name, missing);
    const base::Fd fd(
        ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (!lock || !fd || ::fstat(lock.get(), &status) != 0) return;
    // Held by the server of a mount in another namespace.
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return;
    if (age_of(status) < cleaning_.older_than || !is_empty(fd.get())) return;
    if (cleaning_.dry_run || ::unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0) {
      gone_.insert(point);
      report_(Leftover::kDirectory, point);
    }
  }

  void lock_file(int folder, const fs::path& path, const std::string& name) {
    const std::string of = name.substr(kLockPrefix.size());
    struct stat status {};
    if (!gone_.contains(path / of) &&
        ::fstatat(folder, of.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      return;
    }
    bool missing = false;
    const base::Fd lock = try_lock(folder, name, missing);
    if (!lock || ::fstat(lock.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        age_of(status) < cleaning_.older_than) {
      return;
    }
    if (cleaning_.dry_run || ::unlinkat(folder, name.c_str(), 0) == 0) {
      report_(Leftover::kLock, path / name);
    }
  }

  void cached(int folder, const fs::path& path, const char* name) {
    struct stat status {};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode) || age_of(status) < cleaning_.cached_older_than) {
      return;
    }
    if (cleaning_.dry_run || ::unlinkat(folder, name, 0) == 0) {
      report_(Leftover::kCached, path / name);
    }
  }

  static bool is_empty(int fd) {
    bool empty = true;
    for_each_name("/proc/self/fd/" + std::to_string(fd),
                  [&](const char*) { empty = false; });
    return empty;
  }

  const Cleaning& cleaning_;
  const Report& report_;
  std::vector<Mounted> mounts_;
  std::set<fs::path> points_;  // where something is mounted, here or elsewhere
  std::set<fs::path> gone_;    // directories removed, or to be
};

}  // namespace

void clean(const Surroundings& surroundings, const Cleaning& cleaning,
           const std::function<void(Leftover, const fs::path&)>& removed) {
  Cleaner cleaner(cleaning, removed);
  cleaner.dead_mounts();
  for (const fs::path& root : surroundings.roots) cleaner.root(root);
  if (surroundings.runtime_folder.is_absolute()) {
    cleaner.user_folder(surroundings.runtime_folder / "xar", ::geteuid());
  }
  if (cleaning.cache.is_absolute()) cleaner.cache(cleaning.cache);
}

}  // namespace xar::mount
