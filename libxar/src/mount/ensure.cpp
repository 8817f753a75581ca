// SPDX-License-Identifier: BSD-2-Clause
// Pin, then look: a launch opens the mount point and asks the server through that
// descriptor. From then on the kernel refuses to unmount, so no lock is needed to
// use a mount; only who has to make one takes the lock.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "mount/attach.hpp"
#include "mount/claim.hpp"
#include "mount/ensure.hpp"
#include "mount/folder.hpp"
#include "mount/limited.hpp"
#include "mount/liveness.hpp"
#include "mount/locate.hpp"
#include "mount/mount_on.hpp"
#include "mount/name_hash.hpp"
#include "mount/server.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/limits.hpp"
#include "xar/mount.hpp"

namespace xar::mount {

Place beside(const Place& place, const Archive& archive) {
  Place result = place;
  result.name += '.' + hashed_name(archive.identity);
  return result;
}

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

// As long as `fd` is open its file system keeps its number, so that the claim that
// names this number is of this file system and of no other.
Look look_at(const UserFolder& folder, const Place& place, const Archive& archive) {
  Look look;
  look.fd = folder.open_directory(place.name);
  if (!look.fd) {
    if (errno == ENOENT) return look;
    base::throw_errno("cannot look at the mount", place.directory());
  }
  const auto claim = read_claim(folder, place);
  look.state = State::kUnknown;
  if (!claim || !claim->server || claim->device != device_of(look.fd.get())) return look;
  look.state = State::kTaken;
  if (claim->identity != archive.identity) return look;
  const bool answers = probe_server(look.fd.get(), *claim->server) == Liveness::kAlive;
  look.state = answers ? State::kOurs : State::kUnknown;
  return look;
}

std::optional<Pinned> pin_at(const UserFolder& folder, const Place& place,
                             const Archive& archive) {
  Look look = look_at(folder, place, archive);
  // Unknown: also one that no launch is to use any more.
  if (look.state == State::kTaken || look.state == State::kUnknown) {
    const Place other = beside(place, archive);
    look = look_at(folder, other, archive);
    if (look.state != State::kOurs) return std::nullopt;
    return Pinned{std::move(look.fd), other.directory(), false};
  }
  if (look.state != State::kOurs) return std::nullopt;
  return Pinned{std::move(look.fd), place.directory(), false};
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

void remove_mount(const Place& place) {
  const Detached detached = detach(place.directory(), Detach::kNow);
  if (detached) return;
  throw base::Error("cannot remove the dead mount", place.directory(),
                    detached.reason + ": as root: umount -l");
}

// Makes `place`, which is locked, free if nothing alive is mounted there; else false.
bool make_free(const UserFolder& folder, const Place& place) {
  constexpr int kStackedAtMost = 16;
  for (int i = 0; i < kStackedAtMost; ++i) {
    const base::Fd fd = folder.open_directory(place.name);
    const Liveness found = fd ? probe_within_bounds(fd.get()) : Liveness::kNone;
    if (found == Liveness::kNone) return true;
    if (found == Liveness::kAlive || found == Liveness::kForbidden) return false;
    remove_mount(place);
  }
  return false;
}

// Makes the mount at `place`, which is locked and free. Nothing where it has been taken
// away before it could be used: by hand, for a server does so only when idle.
std::optional<Pinned> mount_at(const UserFolder& folder, const Place& place,
                               const Archive& archive, const Surroundings& surroundings) {
  const base::Fd point = folder.ensure_mount_point(place);
  const Seat seat(folder, place, archive.identity);
  Terms terms;
  terms.point = place.directory();
  terms.timeout = surroundings.timeout;
  terms.has_seed = has_seed(surroundings);
  if (root_may_enter(surroundings.fuse_conf)) {
    terms.access = Access::kOwnerAndRoot;
  } else {
    require_same_ids();
  }
  terms.directory = point.get();
  terms.seat = &seat;
  mount_on(archive, terms);
  Pinned pinned{folder.open_directory(place.name), place.directory(), true};
  // A server that has just been started answers, or dies, which is an answer too.
  const Liveness found = pinned.fd ? probe(pinned.fd.get()) : Liveness::kNone;
  if (found == Liveness::kAlive) return pinned;
  if (found == Liveness::kNone) return std::nullopt;
  detach(place.directory(), Detach::kNow);
  throw_server_died(place.directory());
}

// The mount at a place that is locked, made if need be; nothing if it is another's.
std::optional<Pinned> ensure_locked(const UserFolder& folder, const Place& place,
                                    Lock& lock, const Archive& archive,
                                    const Surroundings& surroundings) {
  constexpr int kAttempts = 3;
  for (int i = 0; i < kAttempts; ++i) {
    Look look = look_at(folder, place, archive);
    if (look.state == State::kOurs) {
      return Pinned{std::move(look.fd), place.directory(), false};
    }
    look.fd.reset();
    if (look.state == State::kTaken || !make_free(folder, place)) return std::nullopt;
    // A server that still has users, or cannot be stopped, keeps its file.
    if (server_of(lock.fd())) {
      lock.renew(folder, place);
    } else if (auto pinned = mount_at(folder, place, archive, surroundings)) {
      return pinned;
    }
  }
  throw base::Error("cannot use the mount", place.directory(),
                    "something unmounts it again and again: end that");
}

std::optional<Pinned> ensure_at(const Place& place, const Archive& archive,
                                const Surroundings& surroundings) {
  const UserFolder folder = UserFolder::ensure(place);
  Lock lock(folder, place);
  try {
    return ensure_locked(folder, place, lock, archive, surroundings);
  } catch (...) {
    folder.remove(place);
    throw;
  }
}

}  // namespace

void check(const Place& place) {
  const bool is_there = UserFolder::open(place).has_value();
  const std::filesystem::path there =
      is_there ? place.user_folder : place.user_folder.parent_path();
  if (::faccessat(AT_FDCWD, there.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    base::throw_errno("cannot write in", there);
  }
}

std::optional<Pinned> pin(const std::vector<Place>& places, const Archive& archive) {
  const auto pin_quietly = [&](const Place& place) -> std::optional<Pinned> {
    try {
      const auto folder = UserFolder::open(place);
      return folder ? pin_at(*folder, place, archive) : std::nullopt;
    } catch (const base::Error&) {
      // Not a folder that we use; what is wrong with it says ensure().
      return std::nullopt;
    }
  };
  for (const Place& place : places) {
    if (auto pinned = pin_quietly(place)) return pinned;
  }
  for (const Place& place : places) {
    const auto own = limited(place);
    if (!own) break;
    if (auto pinned = pin_quietly(*own)) return pinned;
  }
  return std::nullopt;
}

Pinned ensure(const Place& shared, const Archive& archive,
              const Surroundings& surroundings) {
  const base::RaisedLimits raised;
  const Place place = limited(shared).value_or(shared);
  if (auto pinned = ensure_at(place, archive, surroundings)) return std::move(*pinned);
  const Place other = beside(place, archive);
  if (auto pinned = ensure_at(other, archive, surroundings)) return std::move(*pinned);
  throw base::Error("cannot mount on", other.directory(),
                    "something else is mounted there: unmount it");
}

}  // namespace xar::mount
