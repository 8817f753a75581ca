// SPDX-License-Identifier: BSD-2-Clause
// Pin, then look: a launch opens the mount point and asks the server through that
// descriptor. From then on the kernel refuses to unmount, so no lock is needed to
// use a mount; only who has to make one takes the lock.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "mount/place/alternative_slot.hpp"
#include "mount/place/limited.hpp"
#include "mount/place/locate.hpp"
#include "mount/place/lock_file.hpp"
#include "mount/place/user_folder.hpp"
#include "mount/server/attach.hpp"
#include "mount/server/liveness.hpp"
#include "mount/server/server.hpp"
#include "mount/server/start_server.hpp"
#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/limits.hpp"
#include "xar/mount/launch.hpp"

namespace xar::mount {

namespace {

enum class State {
  kFree,     // there is not even a directory
  kOurs,     // this archive, alive
  kTaken,    // another archive
  kUnknown,  // anything else, from nothing over a dead mount to one of the original's
};

struct Look {
  State state = State::kFree;
  base::Fd fd;
};

// As long as `fd` is open its file system keeps its number, so that the content that
// names this number is of this file system and of no other.
Look look_at(const UserFolder& folder, const MountSlot& slot, const Archive& archive) {
  Look look;
  look.fd = folder.open_directory(slot.name);
  if (!look.fd) {
    if (errno == ENOENT) return look;
    base::throw_errno("cannot look at the mount", slot.directory());
  }
  const auto content = read_lock_file(folder, slot);
  look.state = State::kUnknown;
  if (!content || !content->server || content->device != device_of(look.fd.get()))
    return look;
  look.state = State::kTaken;
  if (content->identity != archive.identity) return look;
  const bool answers = probe_server(look.fd.get(), *content->server) == Liveness::kAlive;
  look.state = answers ? State::kOurs : State::kUnknown;
  return look;
}

std::optional<Pinned> pin_at(const UserFolder& folder, const MountSlot& slot,
                             const Archive& archive) {
  Look look = look_at(folder, slot, archive);
  // Unknown: also one that no launch is to use any more.
  if (look.state == State::kTaken || look.state == State::kUnknown) {
    const MountSlot other = alternative_slot(slot, archive);
    look = look_at(folder, other, archive);
    if (look.state != State::kOurs) return std::nullopt;
    return Pinned{std::move(look.fd), other.directory(), false};
  }
  if (look.state != State::kOurs) return std::nullopt;
  return Pinned{std::move(look.fd), slot.directory(), false};
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

void remove_mount(const MountSlot& slot) {
  const Detached detached = detach(slot.directory(), Detach::kNow);
  if (detached) return;
  throw base::Error("cannot remove the dead mount", slot.directory(),
                    detached.reason + ": as root: umount -l");
}

// Makes `slot`, which is locked, free if nothing alive is mounted there; else false.
bool make_free(const UserFolder& folder, const MountSlot& slot) {
  constexpr int kStackedAtMost = 16;
  for (int i = 0; i < kStackedAtMost; ++i) {
    const base::Fd fd = folder.open_directory(slot.name);
    const Liveness found = fd ? probe_within_bounds(fd.get()) : Liveness::kNone;
    if (found == Liveness::kNone) return true;
    if (found == Liveness::kAlive || found == Liveness::kForbidden) return false;
    remove_mount(slot);
  }
  return false;
}

// Makes the mount at `slot`, which is locked and free. Nothing where it has been taken
// away before it could be used: by hand, for a server does so only when idle.
std::optional<Pinned> mount_in_slot(const UserFolder& folder, const MountSlot& slot,
                                    const Archive& archive, const MountContext& context) {
  const base::Fd point = folder.ensure_mount_point(slot);
  const SlotLease lease(folder, slot, archive.identity);
  ServeOptions options;
  options.point = slot.directory();
  options.timeout = context.timeout;
  options.has_seed = has_seed(context);
  if (root_may_enter(context.fuse_conf)) {
    options.access = Access::kOwnerAndRoot;
  } else {
    require_same_ids();
  }
  options.directory = point.get();
  options.lease = &lease;
  start_server(archive, options);
  Pinned pinned{folder.open_directory(slot.name), slot.directory(), true};
  // A server that has just been started answers, or dies, which is an answer too.
  const Liveness found = pinned.fd ? probe(pinned.fd.get()) : Liveness::kNone;
  if (found == Liveness::kAlive) return pinned;
  if (found == Liveness::kNone) return std::nullopt;
  detach(slot.directory(), Detach::kNow);
  throw_server_died(slot.directory());
}

// The mount at a slot that is locked, made if need be; nothing if it is another's.
std::optional<Pinned> ensure_locked(const UserFolder& folder, const MountSlot& slot,
                                    Lock& lock, const Archive& archive,
                                    const MountContext& context) {
  constexpr int kAttempts = 3;
  for (int i = 0; i < kAttempts; ++i) {
    Look look = look_at(folder, slot, archive);
    if (look.state == State::kOurs) {
      return Pinned{std::move(look.fd), slot.directory(), false};
    }
    look.fd.reset();
    if (look.state == State::kTaken || !make_free(folder, slot)) return std::nullopt;
    // A server that still has users, or cannot be stopped, keeps its file.
    if (server_of(lock.fd())) {
      lock.renew(folder, slot);
    } else if (auto pinned = mount_in_slot(folder, slot, archive, context)) {
      return pinned;
    }
  }
  throw base::Error("cannot use the mount", slot.directory(),
                    "something unmounts it again and again: end that");
}

std::optional<Pinned> ensure_at(const MountSlot& slot, const Archive& archive,
                                const MountContext& context) {
  const UserFolder folder = UserFolder::ensure(slot);
  Lock lock(folder, slot);
  try {
    return ensure_locked(folder, slot, lock, archive, context);
  } catch (...) {
    folder.remove(slot);
    throw;
  }
}

}  // namespace

void check(const MountSlot& slot) {
  const bool is_there = UserFolder::open(slot).has_value();
  const std::filesystem::path there =
      is_there ? slot.user_folder : slot.user_folder.parent_path();
  if (::faccessat(AT_FDCWD, there.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    base::throw_errno("cannot write in", there);
  }
}

std::optional<Pinned> pin(const std::vector<MountSlot>& slots, const Archive& archive) {
  const auto pin_quietly = [&](const MountSlot& slot) -> std::optional<Pinned> {
    try {
      const auto folder = UserFolder::open(slot);
      return folder ? pin_at(*folder, slot, archive) : std::nullopt;
    } catch (const base::Error&) {
      // Not a folder that we use; what is wrong with it says ensure().
      return std::nullopt;
    }
  };
  for (const MountSlot& slot : slots) {
    if (auto pinned = pin_quietly(slot)) return pinned;
  }
  for (const MountSlot& slot : slots) {
    const auto own = limited(slot);
    if (!own) break;
    if (auto pinned = pin_quietly(*own)) return pinned;
  }
  return std::nullopt;
}

Pinned ensure(const MountSlot& shared, const Archive& archive,
              const MountContext& context) {
  const base::RaisedLimits raised;
  const MountSlot slot = limited(shared).value_or(shared);
  if (auto pinned = ensure_at(slot, archive, context)) return std::move(*pinned);
  const MountSlot other = alternative_slot(slot, archive);
  if (auto pinned = ensure_at(other, archive, context)) return std::move(*pinned);
  throw base::Error("cannot mount on", other.directory(),
                    "something else is mounted there: unmount it");
}

}  // namespace xar::mount
