// SPDX-License-Identifier: BSD-2-Clause
#include "mount/mount_on.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "mount/attach.hpp"
#include "mount/server.hpp"
#include "xar/base/file.hpp"
#include "xar/base/process.hpp"
#include "xar/image.hpp"

namespace xar::mount {

namespace {

// A lock on the directory below the mount, kept by the server: who removes directories
// that are not in use asks for it, because in another mount namespace there is nothing to
// see of the mount, and removing its directory would end it.
base::Fd lock_directory(const std::filesystem::path& point) {
  base::Fd fd = base::above_standard_streams(
      base::Fd(::open(point.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (fd) ::flock(fd.get(), LOCK_SH | LOCK_NB);
  return fd;
}

}  // namespace

// The image is opened first: what is wrong with it is to be said before anything is
// mounted.
void mount_on(const Archive& archive, const Terms& terms) {
  base::Fd file = base::open_file(archive.path, O_RDONLY);
  const int file_number = file.get();
  const image::Image image =
      image::Image::open(std::move(file), archive.offset, archive.path);

  Duty duty;
  duty.archive = std::filesystem::canonical(archive.path);
  duty.point = terms.point;
  duty.timeout = terms.timeout;
  duty.options.only_owner_and_root = terms.access == Access::kOwnerAndRoot;
  Appearance appearance;
  appearance.source = duty.archive.native();
  appearance.allow_other = terms.access != Access::kOwner;
  appearance.check_permissions = terms.access == Access::kEveryone;
  appearance.noexec = terms.noexec;

  base::Fd directory;
  if (terms.lock_directory) directory = lock_directory(duty.point);
  base::Fd device = attach(duty.point, appearance);
  const int device_number = device.get();
  duty.device = device_at(duty.point).value_or(0);
  try {
    base::start_daemon({file_number, device_number, directory.get()}, [&] {
      return serve_until_unused(std::move(device), image, duty);
    });
  } catch (...) {
    detach(duty.point, Detach::kNow);
    throw;
  }
}

}  // namespace xar::mount
