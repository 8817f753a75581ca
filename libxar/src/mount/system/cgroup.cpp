// SPDX-License-Identifier: BSD-2-Clause
#include "mount/system/cgroup.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/hash.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxText = 64 << 10;
constexpr std::string_view kRoot = "/sys/fs/cgroup";

std::optional<ino_t> inode_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_ino;
}

// "4:cpu,cpuacct:/user.slice"
std::optional<Cgroup> parse_line(std::string_view line) {
  const std::size_t first = line.find(':');
  const std::size_t second = first == line.npos ? line.npos : line.find(':', first + 1);
  if (second == line.npos) return std::nullopt;
  return Cgroup{std::string(line.substr(first + 1, second - first - 1)),
                std::string(line.substr(second + 1))};
}

// The original takes the first line's path and looks for it below these directories,
// which finds cgroups of version 2.
std::string part_of_original(const Cgroup& group) {
  const std::string path = group.path.substr(0, group.path.find(':'));
  for (const char* root : {"/sys/fs/cgroup/", "/cgroup2/"}) {
    if (const auto inode = inode_of(root + path)) {
      return "_cgpid" + std::to_string(*inode);
    }
  }
  return {};
}

}  // namespace

fs::path Cgroup::directory() const {
  std::string directory(kRoot);
  if (controllers.empty()) {
    // Beside hierarchies of version 1, that of version 2 has a directory of its own.
    if (fs::path unified = directory + "/unified" + path; inode_of(unified)) {
      return unified;
    }
    return directory + path;
  }
  constexpr std::string_view kNamed = "name=";
  std::string_view name = controllers;
  if (name.starts_with(kNamed)) name.remove_prefix(kNamed.size());
  return directory.append("/").append(name).append(path);
}

std::vector<Cgroup> parse_cgroups(std::string_view text) {
  std::vector<Cgroup> groups;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto group = parse_line(text.substr(0, end))) groups.push_back(std::move(*group));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return groups;
}

std::vector<Cgroup> read_cgroups() {
  try {
    return parse_cgroups(base::read_text("/proc/self/cgroup", kMaxText));
  } catch (const base::SystemError&) {
    return {};
  }
}

// With version 1 a process is in a cgroup of each hierarchy, and each may be the one by
// which it is ended: all count, but for the roots, which nobody ends.
std::string cgroup_name_part(const std::vector<Cgroup>& groups) {
  std::string all;
  for (const Cgroup& group : groups) {
    if (group.path != "/") all += group.controllers + ':' + group.path + '\n';
  }
  if (groups.size() > 1 && !all.empty()) return "_cg" + base::fnv1a_hex(all);
  return groups.empty() ? std::string() : part_of_original(groups.front());
}

}  // namespace xar::mount
