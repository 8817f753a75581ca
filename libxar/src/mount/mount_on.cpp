// SPDX-License-Identifier: BSD-2-Clause
#include "mount/mount_on.hpp"

#include <fcntl.h>

#include <climits>
#include <system_error>

#include "mount/attach.hpp"
#include "mount/handover.hpp"
#include "mount/server.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/log.hpp"
#include "xar/base/process.hpp"
#include "xar/digest.hpp"
#include "xar/image.hpp"

namespace xar::mount {

namespace {

base::Fd duplicate(const Archive& archive) {
  base::Fd file(::fcntl(archive.fd, F_DUPFD_CLOEXEC, 3));
  if (!file) base::throw_errno("cannot duplicate", archive.path);
  return file;
}

// `file` is the archive's.
image::Image open_image(const Archive& archive, base::Fd file) {
  image::Image image = image::Image::open(std::move(file), archive.offset, archive.path,
                                          archive.cache_size);
  if (archive.image_sha256) {
    image.compare_content([digest = *archive.image_sha256, name = archive.path](
                              int fd, std::uint64_t offset, std::uint64_t size) {
      return digest::sha256(fd, offset, size, name, [] {}) == digest;
    });
  }
  return image;
}

// `file` is the archive's descriptor that the server keeps.
Duty duty_of(const Archive& archive, int file, const Terms& terms) {
  Duty duty;
  duty.file = file;
  duty.archive = name_of(archive);
  duty.point = terms.point;
  duty.seat = terms.seat;
  duty.timeout = terms.timeout;
  duty.own_namespace = terms.own_namespace;
  duty.has_seed = terms.has_seed;
  duty.options.only_owner_and_root = terms.access == Access::kOwnerAndRoot;
  return duty;
}

Appearance appearance_of(const Duty& duty, const Terms& terms) {
  Appearance appearance;
  appearance.source = duty.archive.native();
  appearance.allow_other = terms.access != Access::kOwner;
  appearance.check_permissions = terms.access == Access::kEveryone;
  appearance.noexec = terms.noexec;
  appearance.by_helper = terms.by_helper;
  return appearance;
}

// Has the lock file, if there is one, say what is mounted.
void claim(const Terms& terms, std::uint64_t device) {
  if (terms.seat != nullptr) terms.seat->claim(device);
}

// Mounts, and has the lock file say so: it may name what was mounted here before, whose
// number the kernel gives away anew.
Attached attach(const Terms& terms, const Duty& duty) {
  Attached attached;
  claim(terms, 0);
  attached.device = attach(duty.point, terms.directory, appearance_of(duty, terms));
  try {
    attached.number = device_at(duty.point).value_or(0);
    claim(terms, attached.number);
  } catch (...) {
    detach(duty.point, Detach::kNow);
    throw;
  }
  return attached;
}

void give(Handover& handover, const Attached& attached, const Duty& duty,
          base::Daemon& server) {
  try {
    server.require();
    if (!handover.give(attached)) throw_server_died(duty.point);
  } catch (...) {
    detach(duty.point, Detach::kNow);
    throw;
  }
}

}  // namespace

std::filesystem::path name_of(const Archive& archive) {
  if (auto path = base::path_of(archive.fd); !path.empty()) return path;
  const auto fits = [](const std::filesystem::path& path) {
    return path.is_absolute() && path.native().size() < PATH_MAX;
  };
  std::error_code failed;
  auto path = base::canonical_path(archive.path, failed);
  if (!failed && fits(path)) return path;
  if (fits(archive.path)) return archive.path;
  return "/..." / archive.path.filename();
}

// The image is opened first: what is wrong with it is to be said before anything is
// mounted. Where there is no FUSE, no server is started in vain: each launch comes here.
void mount_on(const Archive& archive, const Terms& terms) {
  base::Fd file = duplicate(archive);
  Handover handover;
  std::vector<int> kept = {file.get(), handover.fd()};
  image::Image image = open_image(archive, std::move(file));
  const Duty duty = duty_of(archive, kept.front(), terms);

  require_device(appearance_of(duty, terms));

  if (terms.seat != nullptr) {
    const std::vector<int> needed = terms.seat->needed_fds();
    kept.insert(kept.end(), needed.begin(), needed.end());
  }
  base::Daemon server(kept, [&] {
    return serve_until_unused(image, duty, [&] { return handover.take(); });
  });
  const Attached attached = attach(terms, duty);
  give(handover, attached, duty, server);
  if (base::is_debugging()) base::debug("mounted on " + duty.point.native());
}

int serve_on(const Archive& archive, const Terms& terms,
             const std::function<void()>& ready) {
  base::Fd file = duplicate(archive);
  const int number = file.get();
  image::Image image = open_image(archive, std::move(file));
  const Duty duty = duty_of(archive, number, terms);
  return serve_until_unused(image, duty, [&] {
    Attached attached = attach(terms, duty);
    ready();
    return std::optional(std::move(attached));
  });
}

void throw_server_died(const std::filesystem::path& point) {
  throw base::Error("the server died at once", point,
                    "try again, and report it if it stays so");
}

}  // namespace xar::mount
