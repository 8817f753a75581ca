// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>

#include "cache/folder.hpp"
#include "cache/lock.hpp"
#include "cache/manifest.hpp"
#include "cache/walk.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/hash.hpp"
#include "xar/base/limits.hpp"
#include "xar/digest.hpp"
#include "xar/extract.hpp"
#include "xar/image.hpp"

namespace xar::cache {
namespace {

namespace fs = std::filesystem;

// Archives of one UUID have an entry each.
std::string entry_name(const Source& source) {
  constexpr std::size_t kMaxUuid = 128;
  // The manifest has the identity in full.
  return source.header.uuid.substr(0, kMaxUuid) + '-' + base::fnv1a_hex(source.identity);
}

// Whether `tree` is taken by one who may remove it, and still is after `patience`.
// Otherwise it is shared, if the file system knows locks.
bool is_taken(int tree, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kPause{5};
  while (::flock(tree, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    if (patience <= patience.zero()) return true;
    std::this_thread::sleep_for(kPause);
    patience -= kPause;
  }
  return false;
}

// Locked for as long as the descriptor is open anywhere, against being cleaned away. Only
// where it cannot be read, or the file system knows no locks, it is used without.
base::Fd open_tree(const Folder& folder, const std::string& name,
                   std::chrono::milliseconds patience) {
  base::Fd tree = folder.open_own(name, O_RDONLY | O_DIRECTORY);
  if (!tree && errno == EACCES) return folder.open_own(name, O_PATH | O_DIRECTORY);
  if (!tree) return tree;
  const bool is_gone =
      is_taken(tree.get(), patience) || !folder.is_named(tree.get(), name);
  return is_gone ? base::Fd() : std::move(tree);
}

std::optional<Unpacked> find_in(const Folder& folder, const std::string& name,
                                const Source& source,
                                std::chrono::milliseconds patience = {}) {
  base::Fd tree = open_tree(folder, name, patience);
  if (!tree || !is_whole(folder, name, tree.get(), source.identity)) return std::nullopt;
  mark_as_used(folder, name);
  return Unpacked{std::move(tree), folder.path() / name, false};
}

void require_digest(const Source& source) {
  struct stat status {};
  if (::fstat(source.fd, &status) != 0) base::throw_errno("cannot examine", source.path);
  const auto size = static_cast<std::uint64_t>(status.st_size) - source.header.offset;
  const std::string digest =
      digest::sha256(source.fd, source.header.offset, size, source.path, [] {});
  if (digest == *source.header.image_sha256) return;
  throw base::Error(base::Errc::kDamaged, "damaged", source.path,
                    "the image is not what its header says: copy or build it again");
}

void unpack(const Folder& folder, const std::string& name, const Source& source) {
  base::Fd file = base::duplicate(source.fd, source.path);
  if (!file) base::throw_errno("cannot duplicate", source.path);
  const image::Image image =
      image::Image::open(std::move(file), source.header.offset, source.path);
  extract::Options options;
  options.privileges = false;
  if (source.header.image_sha256) options.beside = [&] { require_digest(source); };
  extract::extract_as(image, folder.path() / name, options);
}

// What an application writes into its own files would be there in later runs too, and a
// directory that has changed would be unpacked anew. A mount lets nothing be written.
void make_read_only(const fs::path& tree) {
  constexpr mode_t kWritable = S_IWUSR | S_IWGRP | S_IWOTH;
  walk(tree, [](const fs::path& path, const struct stat& status) {
    if (S_ISLNK(status.st_mode) || (status.st_mode & kWritable) == 0) return;
    if (::chmod(path.c_str(), status.st_mode & 07777 & ~kWritable) != 0) {
      base::throw_errno("cannot set the permissions of", path);
    }
  });
}

// The existing directory in which something would be created: the folder, which becomes
// `folder`, or one above. Throws base::Error where that cannot be done.
fs::path require_writable(const Location& location, fs::path& folder) {
  fs::path there;
  if (const auto own = Folder::open(location)) {
    there = folder = own->path();
  } else {
    there = location.folder.parent_path();
    if (!location.shared && ::access(there.c_str(), F_OK) != 0) {
      there = there.parent_path();
    }
    struct stat status {};
    if (location.shared && ::lstat(folder.c_str(), &status) == 0) folder += "-XXXXXX";
  }
  if (::faccessat(AT_FDCWD, there.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    base::throw_errno("cannot write in", there);
  }
  return there;
}

}  // namespace

Condition examine(const Location& location) {
  Condition condition;
  condition.folder = location.folder;
  try {
    const fs::path there = require_writable(location, condition.folder);
    struct statvfs system {};
    if (::statvfs(there.c_str(), &system) != 0) base::throw_errno("cannot use", there);
    condition.free_bytes = std::uint64_t{system.f_bavail} * system.f_frsize;
    if (condition.free_bytes == 0) condition.problem = "its file system is full";
  } catch (const base::Error& error) {
    condition.problem = error.what();
  }
  return condition;
}

bool is_noexec(const Location& location) {
  struct statvfs system {};
  for (fs::path path = location.folder; path.has_relative_path();
       path = path.parent_path()) {
    if (::statvfs(path.c_str(), &system) == 0) return (system.f_flag & ST_NOEXEC) != 0;
  }
  return false;
}

std::optional<Unpacked> find(const Location& location, const Source& source) {
  const auto folder = Folder::open(location);
  if (!folder) return std::nullopt;
  return find_in(*folder, entry_name(source), source);
}

std::optional<fs::path> directory_of(const Location& location, const Source& source) {
  const auto folder = Folder::open(location);
  if (!folder) return std::nullopt;
  const std::string name = entry_name(source);
  const base::Fd tree = folder->open_own(name, O_PATH | O_DIRECTORY);
  if (!tree || !is_whole(*folder, name, tree.get(), source.identity)) {
    return std::nullopt;
  }
  return folder->path() / name;
}

Unpacked ensure(const Location& location, const Source& source) {
  // Without a lock first: what is there serves also where nothing can be written.
  if (auto found = find(location, source)) return std::move(*found);
  const base::RaisedLimits raised;
  const Folder folder = Folder::ensure(location);
  const std::string name = entry_name(source);
  const Lock lock(folder, name + ".lock", Lock::kPatience);
  // A cleaner that holds the tree leaves it, because it cannot get the lock.
  constexpr std::chrono::seconds kMoment{2};
  if (auto found = find_in(folder, name, source, kMoment)) return std::move(*found);
  if (lock.held()) folder.discard_unfinished(name);
  folder.retire(name);
  unpack(folder, name, source);
  make_read_only(folder.path() / name);
  write_manifest(folder, name, source.identity);
  auto made = find_in(folder, name, source, kMoment);
  if (!made) {
    throw base::Error("cannot use", folder.path() / name,
                      "something changes it while it is made");
  }
  made->fresh = true;
  return std::move(*made);
}

}  // namespace xar::cache
