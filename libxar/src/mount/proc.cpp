// SPDX-License-Identifier: BSD-2-Clause
#include "mount/proc.hpp"

#include <dirent.h>
#include <limits.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <string_view>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::mount {

namespace fs = std::filesystem;

void for_each_name(const fs::path& folder,
                   const std::function<void(const char*)>& visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(folder.c_str()),
                                                      ::closedir);
  if (!directory) return;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") visit(entry->d_name);
  }
}

void for_each_process(const std::function<void(pid_t, const fs::path&)>& visit) {
  const fs::path proc = "/proc";
  for_each_name(proc, [&](std::string_view name) {
    pid_t pid = 0;
    const char* end = name.data() + name.size();
    if (std::from_chars(name.data(), end, pid).ptr == end) visit(pid, proc / name);
  });
}

char state_of(pid_t process) {
  try {
    // "1234 (name) S ...", where the name may be anything.
    const std::string stat =
        base::read_text("/proc/" + std::to_string(process) + "/stat", 1024);
    const std::size_t end = stat.rfind(") ");
    return end == stat.npos ? '\0' : stat[end + 2];
  } catch (const base::SystemError&) {
    return '\0';
  }
}

std::string read_link(const fs::path& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length))
                    : std::string();
}

}  // namespace xar::mount
