// SPDX-License-Identifier: BSD-2-Clause
// Pin, then look: a launch opens the mount point and asks the server through that
// descriptor. From then on the kernel refuses to unmount, so no lock is needed to
// use a mount; only who has to make one takes the lock.
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <cerrno>

#include "mount/attach.hpp"
#include "mount/folder.hpp"
#include "mount/mount_on.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/mount.hpp"

namespace xar::mount {
namespace {

enum class State { kAbsent, kDead, kAlive };

struct Look {
  State state = State::kAbsent;
  base::Fd fd;
};

Look look_at(const UserFolder& folder, const Place& place) {
  Look look;
  look.fd = base::above_standard_streams(base::Fd(::openat(
      folder.fd(), place.name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
  struct statfs status {};
  if (look.fd && ::fstatfs(look.fd.get(), &status) == 0) {
    look.state = status.f_type == FUSE_SUPER_MAGIC ? State::kAlive : State::kAbsent;
    return look;
  }
  if (errno == ENOTCONN || errno == ECONNABORTED) {
    look.state = State::kDead;
  } else if (errno != ENOENT) {
    base::throw_errno("cannot look at the mount", place.directory());
  }
  return look;
}

bool root_may_enter(const std::filesystem::path& fuse_conf) {
  std::string text = "\n";
  try {
    text += base::read_text(fuse_conf, 1 << 16);
  } catch (const base::SystemError&) {
    return false;
  }
  text += '\n';
  return text.find("\nuser_allow_other\n") != text.npos;
}

void remove_dead(const Place& place) {
  if (detach(place.directory(), Detach::kNow)) return;
  throw base::Error("cannot remove the dead mount", place.directory(),
                    "unmount it by hand: fusermount3 -uz, or umount -l as root");
}

}  // namespace

std::optional<Pinned> pin(const Place& place) {
  const auto folder = UserFolder::open(place);
  if (!folder) return std::nullopt;
  Look look = look_at(*folder, place);
  if (look.state != State::kAlive) return std::nullopt;
  touch_lock(*folder, place);
  return Pinned{std::move(look.fd), false};
}

Pinned ensure(const Place& place, const Archive& archive,
              const Surroundings& surroundings) {
  const UserFolder folder = UserFolder::ensure(place);
  const Lock lock(folder, place);
  touch_lock(folder, place);
  Look look = look_at(folder, place);
  if (look.state == State::kAlive) return Pinned{std::move(look.fd), false};
  look.fd.reset();
  if (look.state == State::kDead) remove_dead(place);

  folder.ensure_mount_point(place);
  const Access access =
      root_may_enter(surroundings.fuse_conf) ? Access::kOwnerAndRoot : Access::kOwner;
  mount_on(archive, {place.directory(), surroundings.timeout, access, false, true});
  look = look_at(folder, place);
  if (look.state != State::kAlive) {
    detach(place.directory(), Detach::kNow);
    throw base::Error("the server died at once", place.directory(),
                      "try again, and report it if it stays so");
  }
  return Pinned{std::move(look.fd), true};
}

}  // namespace xar::mount
