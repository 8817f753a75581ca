// SPDX-License-Identifier: BSD-2-Clause
// An entry is a file ab/cdef…, named by the key in hex: the digest of key and packed
// bytes, then these. Its modification time is when it was last of use, to the hour.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/base/hex.hpp"
#include "xar/blocks.hpp"

namespace xar::blocks {
namespace {

constexpr std::size_t kMaxEntry = 2 << 20;  // more than any block
constexpr std::time_t kTouchAfter = 3600;   // seconds

digest::Blake2b check_of(const digest::Blake2b& key, base::ByteView packed) {
  base::Bytes both;
  both.reserve(key.size() + packed.size());
  base::append(both, key);
  base::append(both, packed);
  return digest::blake2b(both);
}

struct Entry {
  std::string name;
  std::uint64_t size = 0;
  timespec used{};
};

// All files in a folder, also what a killed build has left half written.
std::vector<Entry> entries_of(const std::filesystem::path& folder,
                              const std::function<void()>& tick) {
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  const std::unique_ptr<DIR, Close> directory(::opendir(folder.c_str()));
  std::vector<Entry> entries;
  if (!directory) return entries;
  while (const dirent* found = ::readdir(directory.get())) {
    tick();
    struct stat status {};
    constexpr int kFlags = AT_SYMLINK_NOFOLLOW;
    if (::fstatat(::dirfd(directory.get()), found->d_name, &status, kFlags) != 0)
      continue;
    if (!S_ISREG(status.st_mode)) continue;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    entries.push_back({found->d_name, size, status.st_mtim});
  }
  return entries;
}

bool used_later(const Entry& a, const Entry& b) {
  return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec > b.used.tv_sec
                                        : a.used.tv_nsec > b.used.tv_nsec;
}

// Whose folder this is alone: what is in an archive may be secret.
bool make_private_folder(const std::filesystem::path& folder) {
  return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
}

}  // namespace

PackedCache::PackedCache(std::filesystem::path folder, std::uint64_t limit,
                         std::string recipe)
    : folder_(std::move(folder)), limit_(limit), recipe_(std::move(recipe)) {
  std::error_code ignored;
  std::filesystem::create_directories(folder_.parent_path(), ignored);
  make_private_folder(folder_);
}

bool PackedCache::find(const digest::Blake2b& content, base::Bytes& packed) {
  const digest::Blake2b key = key_of(content);
  const std::filesystem::path path = path_of(key);
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return false;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size < key.size() || size > kMaxEntry) return false;

  digest::Blake2b check{};
  packed.resize(size - check.size());
  try {
    if (base::read_at(fd.get(), 0, check, path) != check.size() ||
        base::read_at(fd.get(), check.size(), packed, path) != packed.size()) {
      return false;
    }
  } catch (const base::SystemError&) {
    return false;
  }
  if (check_of(key, packed) != check) return false;
  if (std::time(nullptr) - status.st_mtim.tv_sec > kTouchAfter) {
    ::futimens(fd.get(), nullptr);
  }
  return true;
}

void PackedCache::keep(const digest::Blake2b& content, base::ByteView packed) {
  if (!writable_) return;
  const digest::Blake2b key = key_of(content);
  const std::filesystem::path path = path_of(key);
  try {
    if (!make_private_folder(path.parent_path())) {
      base::throw_errno("cannot make", path.parent_path());
    }
    base::AtomicFile file(path);
    base::write_at(file.fd(), 0, check_of(key, packed), path);
    base::write_at(file.fd(), key.size(), packed, path);
    file.commit(0600);
  } catch (const base::Error&) {
    writable_ = false;
    return;
  }
  const std::lock_guard lock(mutex_);
  grown_.set(std::to_integer<std::size_t>(key.front()));
}

// Keys are spread evenly, so that each subfolder has its share of the limit, and only
// where something has been added can there be too much.
void PackedCache::trim(const std::function<void()>& tick) const {
  for (std::size_t i = 0; i < kSubfolders; ++i) {
    if (grown_.test(i)) trim_subfolder(i, tick);
  }
}

void PackedCache::trim_subfolder(std::size_t index,
                                 const std::function<void()>& tick) const {
  const std::filesystem::path subfolder =
      folder_ / base::to_hex(std::array{static_cast<std::byte>(index)});
  std::vector<Entry> entries = entries_of(subfolder, tick);
  std::ranges::sort(entries, used_later);
  std::uint64_t total = 0;
  for (const Entry& entry : entries) {
    tick();
    total += entry.size;
    // Another build may have been quicker.
    if (total > limit_ / kSubfolders) ::unlink((subfolder / entry.name).c_str());
  }
}

digest::Blake2b PackedCache::key_of(const digest::Blake2b& content) const {
  base::Bytes both;
  base::append(both, content);
  base::append(both, base::as_bytes(recipe_));
  return digest::blake2b(both);
}

std::filesystem::path PackedCache::path_of(const digest::Blake2b& key) const {
  const std::string name = base::to_hex(key);
  return folder_ / name.substr(0, 2) / name.substr(2);
}

}  // namespace xar::blocks
