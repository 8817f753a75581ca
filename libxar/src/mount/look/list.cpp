// SPDX-License-Identifier: BSD-2-Clause
// The mount table's word on archives, joined with that of their servers.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "mount/server/liveness.hpp"
#include "mount/server/status_page.hpp"
#include "xar/base/mount_table.hpp"
#include "xar/mount/list.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

// Ours name the archive as their source, the original's are known by where they are:
// others use the same type for their own purposes.
bool is_archive(const base::MountTableEntry& entry) {
  if (entry.type != "fuse.squashfuse_ll") return false;
  if (entry.source.starts_with('/')) return true;
  const std::string folder = entry.point.parent_path().filename();
  const std::string name = entry.point.filename();
  return folder.starts_with("uid-") && name.find("-ns-") != name.npos;
}

// Seconds since the lock of a shared mount was touched, which every launch does.
std::optional<std::uint64_t> since_launch(const fs::path& point) {
  const fs::path lock = point.parent_path() / ("lockfile." + point.filename().native());
  struct stat status {};
  if (::lstat(lock.c_str(), &status) != 0) return std::nullopt;
  const std::time_t now = std::time(nullptr);
  return now > status.st_mtime ? static_cast<std::uint64_t>(now - status.st_mtime) : 0;
}

Service asked(const base::MountTableEntry& entry) {
  const uid_t owner = entry.owner.value_or(0);
  const gid_t group = entry.group.value_or(0);
  const bool is_own = owner == ::geteuid() && group == ::getegid();
  if (::geteuid() != 0 && !is_own) return Service::kUnknown;
  switch (probe_within_bounds(entry.point, owner, group)) {
    case Liveness::kDead:
      return Service::kDead;
    case Liveness::kStuck:
      return Service::kStuck;
    case Liveness::kForbidden:
      return Service::kUnknown;
    case Liveness::kAlive:
    case Liveness::kNone:  // gone in the meantime
      break;
  }
  return Service::kServed;
}

void add_server(Mounted& mounted, const Server& server) {
  mounted.server = server;
  mounted.archive = server.archive;
  mounted.service = server.stopped ? Service::kStuck : Service::kServed;
  mounted.idle = std::min(server.quiet, mounted.idle.value_or(server.quiet));
}

// Whether a server can be the mount's: where the device number is the same but the
// archive is not, the server has not noticed yet that its own mount is gone and the
// number another's. A user's server serves no mount of another user.
bool may_serve(const Server& server, const base::MountTableEntry& entry) {
  return server.device == entry.device &&
         server.owner == entry.owner.value_or(server.owner) &&
         (!entry.source.starts_with('/') || server.archive == entry.source);
}

const Server* server_for(const base::MountTableEntry& entry,
                         const std::vector<Server>& servers) {
  const Server* found = nullptr;
  for (const Server& server : servers) {
    if (!may_serve(server, entry)) continue;
    if (found == nullptr || server.point == entry.point) found = &server;
  }
  return found;
}

Mounted described(const base::MountTableEntry& entry,
                  const std::vector<Server>& servers) {
  Mounted mounted;
  mounted.point = entry.point;
  if (entry.source.starts_with('/')) mounted.archive = entry.source;
  mounted.owner = entry.owner.value_or(0);
  mounted.device = entry.device;
  mounted.idle = since_launch(entry.point);
  if (const Server* server = server_for(entry, servers)) {
    add_server(mounted, *server);
  } else {
    mounted.service = asked(entry);
  }
  return mounted;
}

Mounted elsewhere(const Server& server) {
  Mounted mounted;
  mounted.point = server.point;
  mounted.owner = server.owner;
  mounted.device = server.device;
  add_server(mounted, server);
  mounted.service = Service::kElsewhere;
  return mounted;
}

}  // namespace

std::vector<Mounted> list_mounted() {
  const std::vector<Server> servers = find_servers();
  std::vector<Mounted> all;
  for (const base::MountTableEntry& entry : base::read_mount_table()) {
    if (is_archive(entry)) all.push_back(described(entry, servers));
  }
  for (const Server& server : servers) {
    const bool here = std::any_of(all.begin(), all.end(), [&](const Mounted& mounted) {
      return mounted.server && mounted.server->pid == server.pid;
    });
    if (!here) all.push_back(elsewhere(server));
  }
  return all;
}

// The server of a mount that has been taken away can live on for those who use it. It
// must not be taken for that of a later mount at the same point.
const Mounted* mounted_at(const std::vector<Mounted>& all, const fs::path& point) {
  const Mounted* found = nullptr;
  for (const Mounted& mounted : all) {
    if (mounted.point != point) continue;
    const bool elsewhere = mounted.service == Service::kElsewhere;
    if (!elsewhere || found == nullptr) found = &mounted;
  }
  return found;
}

}  // namespace xar::mount
