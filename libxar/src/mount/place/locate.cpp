// SPDX-License-Identifier: BSD-2-Clause
// The names of mounts are the original's, so that both launchers share a mount
// and both clean-ups find it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount/place/locate.hpp"
#include "mount/system/cgroup.hpp"
#include "xar/base/error.hpp"
#include "xar/base/ownership.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

std::optional<ino_t> inode_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_ino;
}

MountSlot below(const fs::path& root) {
  return {root / ("uid-" + std::to_string(::geteuid())), {}};
}

std::vector<MountSlot> choose_folders(const header::Header& header,
                                      const MountContext& context) {
  constexpr const char* kExpected =
      "expected a directory of mode 1777 that belongs to root: mkdir it and chmod 1777 "
      "it";
  if (header.mount_root) {
    if (is_mount_root(*header.mount_root)) return {below(*header.mount_root)};
    throw base::Error("cannot mount below", *header.mount_root, kExpected);
  }
  std::vector<MountSlot> slots;
  for (const fs::path& root : context.roots) {
    if (is_mount_root(root)) slots.push_back(below(root));
  }
  if (is_runtime_folder(context.runtime_folder)) {
    slots.push_back({context.runtime_folder / "xar", {}, 0700});
  }
  if (!slots.empty()) return slots;
  throw base::Error("cannot mount below", context.roots.front(), kExpected);
}

// Whoever tears down a pid namespace or a cgroup kills the server inside: a mount
// is shared only within both.
std::string seed_of(const MountContext& context) {
  if (has_seed(context)) return *context.seed;
  std::string seed = "nspid" + std::to_string(inode_of("/proc/self/ns/pid").value_or(0));
  return seed + cgroup_name_part(read_cgroups());
}

// What tells the caller's mounts apart from those that the same user has made as a member
// of another group: the kernel lets into a mount only whose group is that of who mounted.
// Names without a group, as the original's are, belong to the group of the user's folder,
// which is that of whoever was first.
std::string group_name_part(const fs::path& user_folder) {
  struct stat status {};
  const bool other = ::lstat(user_folder.c_str(), &status) == 0 &&
                     S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
                     status.st_gid != ::getegid();
  return other ? "-gid-" + std::to_string(::getegid()) : std::string();
}

}  // namespace

// Others must not be able to rename or remove what users put below a root.
bool is_mount_root(const fs::path& directory) {
  struct stat status {};
  return ::stat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         (status.st_mode & 07777) == 01777 && base::is_trusted_owner(status.st_uid);
}

bool is_runtime_folder(const fs::path& directory) {
  struct stat status {};
  return directory.is_absolute() && ::stat(directory.c_str(), &status) == 0 &&
         S_ISDIR(status.st_mode) && (status.st_mode & 07777) == 0700 &&
         status.st_uid == ::geteuid();
}

bool has_seed(const MountContext& context) {
  const std::string seed = context.seed.value_or("");
  return !seed.empty() && seed.find('/') == seed.npos;
}

std::vector<MountSlot> locate(const header::Header& header, const MountContext& context) {
  std::vector<MountSlot> slots = choose_folders(header, context);
  std::string name = header.uuid + "-seed-" + seed_of(context);
  if (const auto ns = inode_of("/proc/self/ns/mnt")) {
    name += "-ns-" + std::to_string(*ns);
  }
  // Room for what tells apart mounts in namespaces of their own, those of
  // limited callers, and a second archive of the same UUID.
  constexpr std::size_t kMaxName = 220;
  for (MountSlot& slot : slots) {
    slot.name = name + group_name_part(slot.user_folder);
    if (slot.lock_name().size() <= kMaxName) continue;
    throw base::Error(base::Errc::kNameTooLong, "the mount's name is too long", name);
  }
  return slots;
}

}  // namespace xar::mount
