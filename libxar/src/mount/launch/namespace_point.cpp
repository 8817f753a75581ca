// SPDX-License-Identifier: BSD-2-Clause
#include "mount/launch/namespace_point.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>

#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

// Directories of the system that ordinary users may not enter: to mount on one takes
// nothing away from a program.
constexpr std::array<const char*, 3> kClosed = {"/root", "/sys/kernel/debug",
                                                "/sys/kernel/tracing"};

base::Fd open_directory(const fs::path& path) {
  return base::above_standard_streams(
      base::Fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
}

// One that an archive's server around this one has mounted.
bool is_own_file_system(const char* directory) {
  struct statfs system {};
  struct stat status {};
  return ::stat(directory, &status) == 0 && status.st_uid == ::geteuid() &&
         ::statfs(directory, &system) == 0 && system.f_type == TMPFS_MAGIC;
}

bool is_closed(const char* directory) {
  struct stat status {};
  return ::stat(directory, &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid != ::geteuid() &&
         ::faccessat(AT_FDCWD, directory, X_OK, AT_EACCESS) != 0 &&
         ::faccessat(AT_FDCWD, directory, R_OK, AT_EACCESS) != 0;
}

// Whether there is a file system for mount points at `directory` now.
bool prepare(const char* directory) {
  if (is_own_file_system(directory)) return true;
  return is_closed(directory) &&
         ::mount("xar", directory, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                 "mode=0755,size=64k") == 0;
}

}  // namespace

NamespacePoint make_namespace_point(const UserFolder& folder, const MountSlot& slot) {
  for (const char* directory : kClosed) {
    if (!prepare(directory)) continue;
    const fs::path path = fs::path(directory) / slot.name;
    ::mkdir(path.c_str(), 0755);
    if (base::Fd fd = open_directory(path)) return {std::move(fd), path};
  }
  return {folder.open_directory(slot.name), slot.directory()};
}

std::optional<NamespacePoint> find_namespace_point(const MountSlot& slot,
                                                   std::uint64_t device) {
  const auto find_in = [&](const fs::path& directory) -> std::optional<NamespacePoint> {
    NamespacePoint point{open_directory(directory / slot.name), directory / slot.name};
    if (!point.fd || device_of(point.fd.get()) != device) return std::nullopt;
    return point;
  };
  for (const char* directory : kClosed) {
    if (auto point = find_in(directory)) return point;
  }
  return find_in(slot.user_folder);
}

}  // namespace xar::mount
