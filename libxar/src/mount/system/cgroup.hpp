// SPDX-License-Identifier: BSD-2-Clause
// The cgroups of the calling process. A service manager that ends a service's cgroup also
// ends the servers in it.
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

  // The usual path of its directory, which need not exist.
  [[nodiscard]] std::filesystem::path directory() const;
};

// Parses the content of /proc/PID/cgroup. Ignores malformed lines.
std::vector<Cgroup> parse_cgroups(std::string_view text);

// Returns the cgroups of the calling process, or none if they cannot be read.
std::vector<Cgroup> read_cgroups();

// Returns the part of a mount's name that identifies `groups`. May be empty.
std::string cgroup_name_part(const std::vector<Cgroup>& groups);

}  // namespace xar::mount
