// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xar/base/fd.hpp"

namespace xar::base {
namespace {

constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::pair<dev_t, ino_t> identity_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

using Time = std::chrono::steady_clock::time_point;

class Removal {
 public:
  explicit Removal(Time latest) : latest_(latest) {}

  // Empties the directory at `path`.
  void run(const char* path) {
    enter(AT_FDCWD, path);
    while (!levels_.empty() && !is_late()) {
      std::vector<std::string>& folders = levels_.back().folders;
      if (!folders.empty()) {
        const std::string name = std::move(folders.back());
        folders.pop_back();
        enter(fd_.get(), name);
      } else if (!leave()) {
        return;
      }
    }
  }

 private:
  [[nodiscard]] bool is_late() const {
    return std::chrono::steady_clock::now() > latest_;
  }

  struct Level {
    std::string name;
    std::pair<dev_t, ino_t> identity;
    std::vector<std::string> folders;  // in it, still to be removed
  };

  // Goes into a directory and removes what is no directory in it.
  void enter(int parent, const std::string& name) {
    Fd fd(::openat(parent, name.c_str(), kDirectory));
    if (!fd) {
      ::fchmodat(parent, name.c_str(), 0700, AT_SYMLINK_NOFOLLOW);
      fd.reset(::openat(parent, name.c_str(), kDirectory));
    }
    if (!fd) {
      ::unlinkat(parent, name.c_str(), AT_REMOVEDIR);
      return;
    }
    fd_ = std::move(fd);
    ::fchmod(fd_.get(), 0700);
    levels_.push_back({name, identity_of(fd_.get()), {}});
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(
        ::fdopendir(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 3)), ::closedir);
    if (!stream) return;
    while (const dirent* entry = ::readdir(stream.get())) {
      const std::string_view found = entry->d_name;
      if (is_late()) return;
      if (found == "." || found == "..") continue;
      if (::unlinkat(fd_.get(), entry->d_name, 0) != 0) {
        levels_.back().folders.emplace_back(found);
      }
    }
  }

  // Goes back to where a directory is and removes it. False where that is not to be
  // found, or all is done.
  bool leave() {
    const std::string name = std::move(levels_.back().name);
    levels_.pop_back();
    if (levels_.empty()) return false;
    fd_.reset(::openat(fd_.get(), "..", kDirectory));
    if (!fd_ || identity_of(fd_.get()) != levels_.back().identity) return false;
    ::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR);
    return true;
  }

  Time latest_;
  Fd fd_;  // of the last level
  std::vector<Level> levels_;
};

}  // namespace

void remove_tree(const std::filesystem::path& path) {
  remove_tree(path, Time::max());
}

bool remove_tree(const std::filesystem::path& path, Time latest) {
  if (::unlink(path.c_str()) == 0) return true;
  Removal(latest).run(path.c_str());
  return ::rmdir(path.c_str()) == 0 || errno == ENOENT;
}

}  // namespace xar::base
