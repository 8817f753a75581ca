// SPDX-License-Identifier: BSD-2-Clause
// The mount table's word on archives, joined with that of their servers, and taking
// mounts away.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "mount/attach.hpp"
#include "mount/record.hpp"
#include "mount/table.hpp"
#include "xar/base/error.hpp"
#include "xar/mount.hpp"

namespace xar::mount {
namespace {

// Ours name the archive as their source, the original's are known by where they are:
// others use the same type for their own purposes.
bool is_archive(const TableEntry& entry) {
  if (entry.type != "fuse.squashfuse_ll") return false;
  if (entry.source.starts_with('/')) return true;
  const std::string folder = entry.point.parent_path().filename();
  const std::string name = entry.point.filename();
  return folder.starts_with("uid-") && name.find("-ns-") != name.npos;
}

Mounted joined(const TableEntry& entry, const std::vector<Server>& servers) {
  Mounted mounted;
  mounted.point = entry.point;
  if (entry.source.starts_with('/')) mounted.archive = entry.source;
  mounted.owner = entry.owner.value_or(0);
  mounted.device = entry.device;
  const auto server = std::find_if(
      servers.begin(), servers.end(),
      [&](const Server& candidate) { return candidate.device == entry.device; });
  if (server != servers.end()) mounted.server = *server;
  return mounted;
}

// "1234 (bash), 1240 (vim) and 7 others"
std::string enumerated(const std::vector<User>& users) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(users.size(), kShown); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(users[i].pid) + " (" + users[i].command + ")";
  }
  if (users.size() > kShown) {
    text += " and " + std::to_string(users.size() - kShown) + " others";
  }
  return text;
}

std::string reason_for_refusal(const Mounted& mounted) {
  const std::vector<User> users = find_users({mounted}).front();
  if (users.empty()) {
    return "it is in use, or fusermount3 refuses: look with xarexec --list, or add "
           "--lazy";
  }
  return "in use by " + enumerated(users) + ": end them first, or add --lazy";
}

}  // namespace

std::vector<Mounted> list_mounted() {
  const std::vector<Server> servers = find_servers();
  std::vector<Mounted> all;
  for (const TableEntry& entry : read_table()) {
    if (is_archive(entry)) all.push_back(joined(entry, servers));
  }
  return all;
}

void unmount(const Mounted& mounted, bool lazily) {
  if (::geteuid() != 0 && mounted.owner != ::geteuid()) {
    throw base::Error("cannot unmount", mounted.point,
                      "it belongs to another user, " + std::to_string(mounted.owner));
  }
  if (device_at(mounted.point) != mounted.device) {
    throw base::Error("cannot unmount", mounted.point,
                      "it is gone, or something else is mounted over it");
  }
  if (detach(mounted.point, lazily ? Detach::kNow : Detach::kIfUnused)) return;
  throw base::Error("cannot unmount", mounted.point, reason_for_refusal(mounted));
}

}  // namespace xar::mount
