// SPDX-License-Identifier: BSD-2-Clause
#include <system_error>

#include "mount/server/attach.hpp"
#include "mount/server/liveness.hpp"
#include "mount/server/start_server.hpp"
#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/base/limits.hpp"
#include "xar/mount/list.hpp"
#include "xar/mount/mount_at.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

// The path as the mount table has it. What is mounted there is not asked: it may be a
// mount whose server is dead.
fs::path real_point(const fs::path& point) {
  std::error_code error;
  const fs::path path = fs::absolute(point, error).lexically_normal();
  if (error) throw base::SystemError(error.value(), "cannot mount on", point);
  const fs::path plain = path.has_filename() ? path : path.parent_path();
  fs::path real = base::canonical_path(plain, error);
  if (error) real = base::canonical_path(plain.parent_path(), error) / plain.filename();
  if (error) throw base::SystemError(error.value(), "cannot mount on", point);
  return real;
}

// A mount whose server is gone is in nobody's interest. One that lives is in the way:
// what is mounted over it hides it, and one unmount would no longer end it.
void make_way(const fs::path& point) {
  const std::vector<Mounted> all = list_mounted();
  const Mounted* there = mounted_at(all, point);
  if (there == nullptr || device_at(point) != there->device) return;
  if (there->service != Service::kDead) {
    throw base::Error(base::Errc::kAlreadyMounted, "an archive is mounted already on",
                      point);
  }
  unmount(*there, true);
}

Access access_of(const MountOptions& options) {
  if (options.allow_other) return Access::kEveryone;
  return options.allow_root ? Access::kOwnerAndRoot : Access::kOwner;
}

}  // namespace

void mount_at(const Archive& archive, const fs::path& point,
              const MountOptions& options) {
  if (!options.allow_other && !options.allow_root) require_same_ids();
  const base::RaisedLimits raised;
  const fs::path real = real_point(point);
  make_way(real);
  start_server(archive, {real, options.timeout, access_of(options), options.noexec});
  if (probe(real) == Liveness::kDead) {
    detach(real, Detach::kNow);
    throw_server_died(real);
  }
}

}  // namespace xar::mount
