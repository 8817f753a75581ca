// SPDX-License-Identifier: BSD-2-Clause
// The cgroups of the calling process. Whoever ends a cgroup, as a service manager does
// with a service, ends the servers in it too.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace xar::mount {

// A cgroup of a process, as a line of /proc/PID/cgroup names it.
struct Cgroup {
  std::string controllers;  // "cpu,cpuacct", "name=systemd"; empty: version 2
  std::string path;         // "/" is the root of the hierarchy

  // Where its directory usually is. It need not exist.
  [[nodiscard]] std::filesystem::path directory() const;
};

// The cgroups that `text`, the content of /proc/PID/cgroup, names. Lines that are not as
// they should be are passed over.
std::vector<Cgroup> parse_cgroups(std::string_view text);

// The calling process's cgroups; none where they cannot be read.
std::vector<Cgroup> read_cgroups();

// What tells `groups` apart in the name of a mount: empty where nothing does.
std::string cgroup_name_part(const std::vector<Cgroup>& groups);

}  // namespace xar::mount
