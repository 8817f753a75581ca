// SPDX-License-Identifier: BSD-2-Clause
// Who uses a mount, by what /proc tells of each process. The links' texts and the device
// numbers of files are compared; no server is asked, because one that is stuck would
// never answer.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <set>

#include "mount/system/device.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/proc.hpp"
#include "xar/mount/list.hpp"

namespace xar::mount {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxMaps = 4 << 20;

bool is_below(std::string_view path, std::string_view point) {
  return path.starts_with(point) &&
         (path.size() == point.size() || path[point.size()] == '/');
}

// What one process has hold of.
class Holdings {
 public:
  // By the mappings' names, too, if `by_name`: those of a file system that is only theirs
  // its number tells.
  explicit Holdings(const fs::path& process, bool by_name = false) : by_name_(by_name) {
    for (const char* name : {"cwd", "exe", "root"}) add_link(process / name);
    base::for_each_name(process / "fd",
                        [&](const char* name) { add_link(process / "fd" / name); });
    add_maps(process / "maps");
  }

  [[nodiscard]] bool include(const Mounted& mounted) const {
    return devices_.contains(mounted.device) ||
           std::any_of(links_.begin(), links_.end(), [&](const Link& link) {
             return is_below(link.target, mounted.point.native()) &&
                    leads_to(link.path, mounted.device);
           });
  }

  [[nodiscard]] bool include_path(const fs::path& directory) const {
    const auto is_in = [&](const std::string& path) {
      return is_below(path, directory.native());
    };
    return std::any_of(paths_.begin(), paths_.end(), is_in) ||
           std::any_of(links_.begin(), links_.end(),
                       [&](const Link& link) { return is_in(link.target); });
  }

 private:
  struct Link {
    std::string target;
    fs::path path;
  };

  void add_link(const fs::path& path) {
    std::string target = base::read_link(path);
    if (target.starts_with('/') && target != "/") {
      links_.push_back({std::move(target), path});
    }
  }

  // The same path can be of an earlier mount at that point, or of the directory below it,
  // which servers have open. Where the device cannot be known the path decides.
  static bool leads_to(const fs::path& link, std::uint64_t device) {
    const auto found = device_behind(link);
    return found ? *found == device : errno != ENOENT;
  }

  // "7f00-7f01 r-xp 00000000 00:2a 1234   /path": the fourth word is the device, in hex.
  void add_maps(const fs::path& maps) {
    std::string text;
    try {
      text = base::read_text(maps, kMaxMaps);
    } catch (const base::SystemError&) {
      return;
    }
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      add_map(std::string_view(text).substr(at, end - at));
      at = end + 1;
    }
  }

  void add_map(std::string_view line) {
    for (int word = 0; word < 3; ++word) {
      const std::size_t space = line.find(' ');
      if (space == line.npos) return;
      line.remove_prefix(space + 1);
    }
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    const char* end = line.data() + line.size();
    const auto colon = std::from_chars(line.data(), end, major, 16);
    if (colon.ptr == end || *colon.ptr != ':') return;
    std::from_chars(colon.ptr + 1, end, minor, 16);
    devices_.insert(std::uint64_t{major} << 32 | minor);
    const std::size_t name = by_name_ ? line.find('/') : line.npos;
    if (name != line.npos) paths_.emplace(line.substr(name));
  }

  const bool by_name_;
  std::vector<Link> links_;
  std::set<std::string> paths_;  // of mappings
  std::set<std::uint64_t> devices_;
};

std::string command_of(const fs::path& process) {
  try {
    std::string text = base::read_text(process / "comm", 64);
    if (text.ends_with('\n')) text.pop_back();
    return text;
  } catch (const base::SystemError&) {
    return "?";
  }
}

}  // namespace

bool is_in_use(const fs::path& directory) {
  bool used = false;
  base::for_each_process([&](pid_t pid, const fs::path& process) {
    used = used || (pid != ::getpid() && Holdings(process, true).include_path(directory));
  });
  return used;
}

std::vector<std::vector<UsingProcess>> find_processes_using(
    const std::vector<Mounted>& mounts) {
  std::vector<std::vector<UsingProcess>> users(mounts.size());
  base::for_each_process([&](pid_t pid, const fs::path& process) {
    const Holdings holdings(process);
    for (std::size_t i = 0; i < mounts.size(); ++i) {
      if (holdings.include(mounts[i])) users[i].push_back({pid, command_of(process)});
    }
  });
  return users;
}

}  // namespace xar::mount
