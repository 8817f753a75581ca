// SPDX-License-Identifier: BSD-2-Clause
#include "mount/system/device.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace xar::mount {
namespace {

std::optional<std::uint64_t> statx_device(int folder, const char* path, int flags) {
  struct statx status {};
  if (::statx(folder, path, flags | AT_STATX_DONT_SYNC, 0, &status) != 0) {
    return std::nullopt;
  }
  return std::uint64_t{status.stx_dev_major} << 32 | status.stx_dev_minor;
}

}  // namespace

std::optional<std::uint64_t> device_at(const std::filesystem::path& point) {
  return statx_device(AT_FDCWD, point.c_str(), AT_SYMLINK_NOFOLLOW);
}

std::optional<std::uint64_t> device_behind(const std::filesystem::path& link) {
  return statx_device(AT_FDCWD, link.c_str(), 0);
}

std::uint64_t device_of(int fd) {
  return statx_device(fd, "", AT_EMPTY_PATH).value_or(0);
}

}  // namespace xar::mount
