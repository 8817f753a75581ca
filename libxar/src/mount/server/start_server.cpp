// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server/start_server.hpp"

#include <fcntl.h>

#include <climits>
#include <system_error>

#include "mount/server/attach.hpp"
#include "mount/server/handover.hpp"
#include "mount/server/server.hpp"
#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/log.hpp"
#include "xar/base/process.hpp"
#include "xar/digest.hpp"
#include "xar/image.hpp"
#include "xar/image/serving.hpp"

namespace xar::mount {

namespace {

// `file` is the archive's.
image::Image open_image(const Archive& archive, base::Fd file) {
  image::Image image = image::Image::open(std::move(file), archive.offset, archive.path,
                                          archive.cache_size);
  if (archive.image_sha256) {
    image::Serving(image).compare_content(
        [digest = *archive.image_sha256, name = archive.path](
            int fd, std::uint64_t offset, std::uint64_t size) {
          return digest::sha256(fd, offset, size, name, [] {}) == digest;
        });
  }
  return image;
}

// `file` is the archive's descriptor that the server keeps.
ServeOptions completed(ServeOptions options, const Archive& archive, int file) {
  options.archive = name_of(archive);
  options.file = file;
  return options;
}

// Records in the lock file, if there is one, what is mounted.
void record_device(const ServeOptions& options, std::uint64_t device) {
  if (options.lease != nullptr) options.lease->record_device(device);
}

// Mounts, and records it in the lock file. That may name the previous mount, whose device
// number the kernel may give to the new one.
Attached attach_and_record(const ServeOptions& options) {
  Attached attached;
  record_device(options, 0);
  attached.device = attach(options);
  try {
    attached.number = device_at(options.point).value_or(0);
    record_device(options, attached.number);
  } catch (...) {
    detach(options.point, Detach::kNow);
    throw;
  }
  return attached;
}

void give(Handover& handover, const Attached& attached, const ServeOptions& options,
          base::Daemon& server) {
  try {
    server.require();
    if (!handover.give(attached)) throw_server_died(options.point);
  } catch (...) {
    detach(options.point, Detach::kNow);
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

// The image is opened first: what is wrong with it must be said before anything is
// mounted. Without FUSE, each launch comes here, so no server is started in vain.
void start_server(const Archive& archive, const ServeOptions& requested) {
  base::Fd file = base::duplicate(archive.fd, archive.path);
  Handover handover;
  std::vector<int> kept = {file.get(), handover.fd()};
  image::Image image = open_image(archive, std::move(file));
  const ServeOptions options = completed(requested, archive, kept.front());

  require_device(options);

  if (options.lease != nullptr) {
    const std::vector<int> needed = options.lease->needed_fds();
    kept.insert(kept.end(), needed.begin(), needed.end());
  }
  base::Daemon server(kept, [&] {
    return serve_until_unused(image, options, [&] { return handover.take(); });
  });
  const Attached attached = attach_and_record(options);
  give(handover, attached, options, server);
  if (base::is_debugging()) base::debug("mounted on " + options.point.native());
}

int become_server(const Archive& archive, const ServeOptions& requested,
                  const std::function<void()>& ready) {
  base::Fd file = base::duplicate(archive.fd, archive.path);
  const int number = file.get();
  image::Image image = open_image(archive, std::move(file));
  const ServeOptions options = completed(requested, archive, number);
  return serve_until_unused(image, options, [&] {
    Attached attached = attach_and_record(options);
    ready();
    return std::optional(std::move(attached));
  });
}

void throw_server_died(const std::filesystem::path& point) {
  throw base::Error("the server died at once", point,
                    "try again, and report it if it stays so");
}

}  // namespace xar::mount
