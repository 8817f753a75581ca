// SPDX-License-Identifier: BSD-2-Clause
#include "extract/destination.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::extract {
namespace {

bool is_directory(int parent, const std::string& name) {
  struct stat status {};
  return ::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(status.st_mode);
}

constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

}  // namespace

Destination::Destination(std::filesystem::path path, const Plan& plan, bool replace)
    : path_(std::move(path)),
      plan_(plan),
      fd_(base::open_file(path_, O_RDONLY | O_DIRECTORY)),
      replace_(replace) {}

// What cannot be removed, the making of the name tells.
void Destination::make_way(int parent, const std::string& name) const {
  if (replace_ && ::unlinkat(parent, name.c_str(), 0) == 0) grown_ = true;
}

base::Fd Destination::open_directory(int parent, const Item& item) const {
  base::Fd fd(::openat(parent, item.name.c_str(), kDirectory));
  if (!fd) base::throw_errno("cannot open", shown(item));
  return fd;
}

void Destination::make_directory(int parent, const Item& item) const {
  if (replace_ && is_directory(parent, item.name)) return;
  make_way(parent, item.name);
  if (::mkdirat(parent, item.name.c_str(), 0700) != 0) refuse(item.parent, item.name);
  grown_ = true;
}

base::Fd Destination::make_file(int parent, const Item& item) const {
  make_way(parent, item.name);
  base::Fd file(::openat(parent, item.name.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) refuse(item.parent, item.name);
  grown_ = true;
  return file;
}

void Destination::make_symlink(int parent, const Item& item,
                               const std::string& target) const {
  make_way(parent, item.name);
  if (::symlinkat(target.c_str(), parent, item.name.c_str()) != 0) {
    refuse(item.parent, item.name);
  }
  grown_ = true;
}

bool Destination::make_node(int parent, const Item& item) const {
  const mode_t mode = (item.mode & S_IFMT) | 0600;
  make_way(parent, item.name);
  if (::mknodat(parent, item.name.c_str(), mode, item.device) == 0) {
    grown_ = true;
    return true;
  }
  if (errno != EPERM) refuse(item.parent, item.name);
  return false;
}

bool Destination::make_hard_link(int parent, const HardLink& link,
                                 int parent_of_first) const {
  const Item& first = plan_.files[link.first];
  make_way(parent, link.name);
  if (::linkat(parent_of_first, first.name.c_str(), parent, link.name.c_str(), 0) == 0) {
    return true;
  }
  if (errno == ENOENT) return false;
  refuse(link.parent, link.name);
}

void Destination::sync() const {
  if (::syncfs(fd_.get()) != 0) base::throw_errno("cannot write", path_);
}

std::filesystem::path Destination::shown(const Item& item) const {
  const std::string path = plan_.path_of(item);
  return path.empty() ? path_ : path_ / path;
}

// Throws the error that errno tells of a name that cannot be made.
void Destination::refuse(DirectoryIndex parent, std::string_view name) const {
  const std::filesystem::path path = path_ / plan_.path_of(parent, name);
  if (errno == EEXIST) {
    throw base::Error(base::Errc::kExists, "cannot create", path,
                      "File exists: remove it or extract to another directory");
  }
  base::throw_errno("cannot create", path);
}

Cursor::Cursor(const Destination& destination, Identities& identities)
    : destination_(destination), known_(identities), filled_(&identities) {
  restart();
}

Cursor::Cursor(const Destination& destination, const Identities& identities)
    : destination_(destination), known_(identities) {
  restart();
}

int Cursor::go_to(DirectoryIndex directory) {
  const std::vector<Item>& all = destination_.plan().directories;
  if (directory == at_) return fd_.get();
  std::vector<DirectoryIndex> down;
  DirectoryIndex common = at_;
  std::size_t up = 0;
  for (DirectoryIndex to = directory; to != common;) {
    // Whichever is deeper has its parent looked at.
    if (all[to].depth >= all[common].depth) {
      down.push_back(to);
      to = all[to].parent;
    } else {
      common = all[common].parent;
      ++up;
    }
  }
  if (up > all[common].depth) {
    restart();
    for (; common != kRoot; common = all[common].parent) down.push_back(common);
  } else {
    while (up-- > 0) go_up();
  }
  for (auto next = down.rbegin(); next != down.rend(); ++next) go_down(*next);
  return fd_.get();
}

void Cursor::restart() {
  at_ = kRoot;
  fd_.reset(::openat(destination_.fd(), ".", kDirectory));
  if (!fd_) {
    base::throw_errno("cannot open",
                      destination_.shown(destination_.plan().directories.front()));
  }
  check(kRoot);
}

void Cursor::go_down(DirectoryIndex directory) {
  fd_ =
      destination_.open_directory(fd_.get(), destination_.plan().directories[directory]);
  at_ = directory;
  check(directory);
}

void Cursor::go_up() {
  const Item& from = destination_.plan().directories[at_];
  fd_.reset(::openat(fd_.get(), "..", kDirectory));
  if (!fd_) base::throw_errno("cannot leave", destination_.shown(from));
  at_ = from.parent;
  check(at_);
}

// ".." leads out of the destination if somebody has moved the directory.
void Cursor::check(DirectoryIndex directory) {
  constexpr std::pair<dev_t, ino_t> kUnknown;
  if (filled_ == nullptr && known_[directory] == kUnknown) return;
  struct stat status {};
  const Item& item = destination_.plan().directories[directory];
  if (::fstat(fd_.get(), &status) != 0) {
    base::throw_errno("cannot examine", destination_.shown(item));
  }
  const std::pair<dev_t, ino_t> found{status.st_dev, status.st_ino};
  if (known_[directory] == kUnknown) (*filled_)[directory] = found;
  if (known_[directory] == found) return;
  throw base::Error("cannot extract to", destination_.shown(item),
                    "directories are moved meanwhile: extract again when none are");
}

}  // namespace xar::extract
