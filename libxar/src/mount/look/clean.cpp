// SPDX-License-Identifier: BSD-2-Clause
// Removing what is left over. Root does it in folders of others, who may put anything
// there at any time: all is done relative to descriptors, and no link is followed.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <set>

#include "mount/place/lock_file.hpp"
#include "mount/place/user_folder.hpp"
#include "mount/server/attach.hpp"
#include "mount/system/device.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/base/number.hpp"
#include "xar/base/proc.hpp"
#include "xar/mount/clean.hpp"
#include "xar/mount/list.hpp"

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
  if (!name.starts_with(kPrefix)) return std::nullopt;
  return base::parse_number<uid_t>(name.substr(kPrefix.size()));
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

// Whether `folder` certainly has no `name`. Root may not look at a user's mount: that a
// look fails for another reason does not mean that there is nothing.
bool is_absent(int folder, const std::string& name) {
  struct stat status {};
  return ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 &&
         errno == ENOENT;
}

// What keeps launches from a mount while it is held: the lock on its lock file. Not held
// where a launch or a server has it, or it cannot be had.
struct SlotLock {
  base::Fd fd;
  bool missing = false;  // there is no lock file
};

// The lock file may have been removed by who had the lock before.
bool try_lock(int fd, int folder, const std::string& name) {
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 && is_named(fd, folder, name) &&
         !server_of(fd);
}

SlotLock lock_slot(int folder, const std::string& lock_name) {
  SlotLock lock;
  lock.fd.reset(::openat(folder, lock_name.c_str(),
                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  lock.missing = !lock.fd && errno == ENOENT;
  if (lock.fd && !try_lock(lock.fd.get(), folder, lock_name)) lock.fd.reset();
  return lock;
}

// Files that are made while this exists are `owner`'s, also if root makes them.
class ActingAs {
 public:
  explicit ActingAs(const struct stat& owner)
      : group_(static_cast<gid_t>(::setfsgid(owner.st_gid))),
        user_(static_cast<uid_t>(::setfsuid(owner.st_uid))) {}
  ~ActingAs() {
    ::setfsuid(user_);
    ::setfsgid(group_);
  }
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;

 private:
  gid_t group_;
  uid_t user_;
};

// A lock file where there is none, locked: as its owner has it, so that a launch that
// comes just then can wait for it.
base::Fd make_lock(int folder, const std::string& lock_name) {
  struct stat owner {};
  if (::fstat(folder, &owner) != 0) return base::Fd();
  const ActingAs acting(owner);
  base::Fd fd(::openat(folder, lock_name.c_str(),
                       O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd || !try_lock(fd.get(), folder, lock_name)) return base::Fd();
  return fd;
}

// The original's names, which are ours, too: "<uuid>-seed-<seed>-ns-<number>".
bool is_mount_name(const std::string& name) {
  return name.find("-seed-") != name.npos;
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
    base::for_each_name(root, [&](const char* name) {
      if (const auto owner = owner_by_name(name)) user_folder(root / name, *owner);
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
    const std::string name = mounted.point.filename();
    const SlotLock lock = lock_slot(parent.get(), std::string(kLockPrefix) + name);
    if (!parent || (!lock.fd && !lock.missing)) return false;
    // Through the descriptor: by its path, a user could lead root elsewhere.
    const fs::path point = "/proc/self/fd/" + std::to_string(parent.get()) + "/" + name;
    if (device_at(point) != mounted.device) return false;
    return cleaning_.dry_run ||
           detach(::geteuid() == 0 ? point : mounted.point, Detach::kNow);
  }

  void folder(int fd, const fs::path& path) {
    std::vector<std::string> names;
    base::for_each_name(path, [&](const char* name) { names.emplace_back(name); });
    // Directories first, then the locks that have become useless by that.
    for (const std::string& name : names) {
      if (!name.starts_with(kLockPrefix)) directory(fd, path, name);
    }
    for (const std::string& name : names) {
      if (name.starts_with(kLockPrefix)) lock_file(fd, path, name);
    }
  }

  void directory(int folder, const fs::path& path, const std::string& name) {
    const fs::path point = path / name;
    const std::string lock_name = std::string(kLockPrefix) + name;
    if (points_.contains(point)) return;
    const base::Fd fd(
        ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    // Without a lock at first: a server that leaves has to find it free.
    if (!fd || !is_empty(fd.get()) || !is_old(folder, lock_name, fd.get())) return;
    const SlotLock lock = lock_slot(folder, lock_name);
    bool is_removed = false;
    if (lock.fd) {
      is_removed =
          is_old(folder, lock_name, fd.get()) && remove_directory(folder, name, fd.get());
    } else if (lock.missing) {
      is_removed = remove_directory_without_lock(folder, name, fd.get());
    }
    if (!is_removed) return;
    gone_.insert(point);
    report_(Leftover::kDirectory, point);
  }

  // By the lock file, which each launch marks, or where there is none by the directory.
  [[nodiscard]] bool is_old(int folder, const std::string& lock_name,
                            int directory) const {
    struct stat status {};
    if (::fstatat(folder, lock_name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 &&
        (errno != ENOENT || ::fstat(directory, &status) != 0)) {
      return false;
    }
    return age_of(status) >= cleaning_.older_than;
  }

  // With the lock file locked: else a server that is just being started would not get its
  // lock on the directory. Servers of mounts in other namespaces have that.
  [[nodiscard]] bool remove_directory(int folder, const std::string& name,
                                      int directory) const {
    if (::flock(directory, LOCK_EX | LOCK_NB) != 0) return false;
    return cleaning_.dry_run || ::unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0;
  }

  // One that looks as launchers make them: the lock file went without it. A launch makes
  // the lock file first, so that only who has made it here knows that none is under way.
  [[nodiscard]] bool remove_directory_without_lock(int folder, const std::string& name,
                                                   int directory) const {
    constexpr mode_t kMode = 0755;
    struct stat status {};
    struct stat owner {};
    if (!is_mount_name(name) || ::fstat(directory, &status) != 0 ||
        ::fstat(folder, &owner) != 0 || (status.st_mode & 07777) != kMode ||
        status.st_uid != owner.st_uid) {
      return false;
    }
    if (cleaning_.dry_run) return remove_directory(folder, name, directory);
    const std::string lock_name = std::string(kLockPrefix) + name;
    const base::Fd lock = make_lock(folder, lock_name);
    if (!lock) return false;
    const bool is_removed = remove_directory(folder, name, directory);
    ::unlinkat(folder, lock_name.c_str(), 0);
    return is_removed;
  }

  void lock_file(int folder, const fs::path& path, const std::string& name) {
    const std::string of = name.substr(kLockPrefix.size());
    const auto is_useless = [&] {
      return (cleaning_.dry_run && gone_.contains(path / of)) || is_absent(folder, of);
    };
    if (!is_useless()) return;
    const SlotLock lock = lock_slot(folder, name);
    struct stat status {};
    if (!lock.fd || ::fstat(lock.fd.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        age_of(status) < cleaning_.older_than) {
      return;
    }
    if (!is_useless()) return;  // made just before it was locked
    if (cleaning_.dry_run || ::unlinkat(folder, name.c_str(), 0) == 0) {
      report_(Leftover::kLock, path / name);
    }
  }

  // One that cannot be read is not.
  static bool is_empty(int fd) {
    const fs::path path = "/proc/self/fd/" + std::to_string(fd);
    const base::Fd again(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!again) return false;
    bool empty = true;
    base::for_each_name(path, [&](const char*) { empty = false; });
    return empty;
  }

  const Cleaning& cleaning_;
  const Report& report_;
  std::vector<Mounted> mounts_;
  std::set<fs::path> points_;  // where something is mounted, here or elsewhere
  std::set<fs::path> gone_;    // directories removed, or that would be
};

}  // namespace

void clean(const MountContext& context, const Cleaning& cleaning,
           const std::function<void(Leftover, const fs::path&)>& removed) {
  Cleaner cleaner(cleaning, removed);
  cleaner.dead_mounts();
  for (const fs::path& root : context.roots) cleaner.root(root);
  if (context.runtime_folder.is_absolute()) {
    cleaner.user_folder(context.runtime_folder / "xar", ::geteuid());
  }
}

}  // namespace xar::mount
