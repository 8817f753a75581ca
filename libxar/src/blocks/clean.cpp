// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <string_view>

#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/blocks.hpp"

namespace xar::blocks {
namespace {

namespace fs = std::filesystem;

base::Fd open_own_folder(const fs::path& path) {
  base::Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || status.st_uid != ::geteuid()) {
    return base::Fd();
  }
  return fd;
}

bool is_old_file(int folder, const char* name, std::uint64_t older_than) {
  struct stat status {};
  if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  const std::time_t now = std::time(nullptr);
  const auto age = now > status.st_mtime ? now - status.st_mtime : 0;
  return S_ISREG(status.st_mode) && static_cast<std::uint64_t>(age) >= older_than;
}

}  // namespace

void clean(const fs::path& folder, std::uint64_t older_than, bool dry_run,
           const std::function<void(const fs::path&)>& removed) {
  base::for_each_name(folder, [&](const char* name) {
    const bool is_subfolder = std::string_view(name).size() == 2;
    const base::Fd fd = is_subfolder ? open_own_folder(folder / name) : base::Fd();
    if (!fd) return;
    base::for_each_name(folder / name, [&](const char* entry) {
      if (!is_old_file(fd.get(), entry, older_than)) return;
      if (dry_run || ::unlinkat(fd.get(), entry, 0) == 0) removed(folder / name / entry);
    });
  });
}

}  // namespace xar::blocks
