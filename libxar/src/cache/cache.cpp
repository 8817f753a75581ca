// SPDX-License-Identifier: BSD-2-Clause
#include "xar/cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>

#include "cache/folder.hpp"
#include "cache/lock.hpp"
#include "cache/witness.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/digest.hpp"
#include "xar/extract.hpp"
#include "xar/image.hpp"

namespace xar::cache {
namespace {

// Archives of one UUID have an entry each.
std::string entry_name(const Source& source) {
  // FNV-1a: it only has to spread names, the witness has the identity in full.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : source.identity) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  char text[20];
  std::snprintf(text, sizeof text, "-%016llx", static_cast<unsigned long long>(hash));
  constexpr std::size_t kMaxUuid = 128;
  return source.header.uuid.substr(0, kMaxUuid) + text;
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
  return Unpacked{std::move(tree), folder.path() / name, false};
}

void require_digest(const Source& source) {
  struct stat status {};
  if (::fstat(source.fd, &status) != 0) base::throw_errno("cannot examine", source.path);
  const auto size = static_cast<std::uint64_t>(status.st_size) - source.header.offset;
  const std::string digest =
      digest::sha256(source.fd, source.header.offset, size, source.path, [] {});
  if (digest == *source.header.image_sha256) return;
  throw base::Error("damaged", source.path,
                    "the image is not what its header says: copy or build it again");
}

void unpack(const Folder& folder, const std::string& name, const Source& source) {
  base::Fd file(::fcntl(source.fd, F_DUPFD_CLOEXEC, 3));
  if (!file) base::throw_errno("cannot duplicate", source.path);
  const image::Image image =
      image::Image::open(std::move(file), source.header.offset, source.path);
  extract::Options options;
  options.privileges = false;
  if (source.header.image_sha256) options.beside = [&] { require_digest(source); };
  extract::extract_as(image, folder.path() / name, options);
}

}  // namespace

std::filesystem::path check(const std::filesystem::path& folder) {
  if (folder.empty()) throw base::Error(kNoFolder);
  std::filesystem::path there = folder;
  if (!Folder::open(folder)) {
    there = folder.parent_path();
    if (::access(there.c_str(), F_OK) != 0) there = there.parent_path();
  }
  if (::faccessat(AT_FDCWD, there.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    base::throw_errno("cannot write in", there);
  }
  return there;
}

std::optional<Unpacked> find(const std::filesystem::path& path, const Source& source) {
  const auto folder = Folder::open(path);
  if (!folder) return std::nullopt;
  return find_in(*folder, entry_name(source), source);
}

Unpacked ensure(const std::filesystem::path& path, const Source& source) {
  // Without a lock first: what is there serves also where nothing can be written.
  if (auto found = find(path, source)) return std::move(*found);
  const Folder folder = Folder::ensure(path);
  const std::string name = entry_name(source);
  const Lock lock(folder, name + ".lock", Lock::kPatience);
  // Who cleans and has it at the moment leaves it, because the lock is not to be had.
  constexpr std::chrono::seconds kMoment{2};
  if (auto found = find_in(folder, name, source, kMoment)) return std::move(*found);
  if (lock.held()) folder.discard_unfinished(name);
  folder.retire(name);
  unpack(folder, name, source);
  write_witness(folder, name, source.identity);
  auto made = find_in(folder, name, source, kMoment);
  if (!made) {
    throw base::Error("cannot use", folder.path() / name,
                      "something changes it while it is made");
  }
  made->fresh = true;
  return std::move(*made);
}

}  // namespace xar::cache
