// SPDX-License-Identifier: BSD-2-Clause
// The scan of a directory into a tree. It goes down by descriptors, never by
// names, so that a folder replaced by a symlink meanwhile cannot lead it out.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"
#include "xar/tree.hpp"

namespace xar::tree {
namespace {

using base::Fd;
using Path = std::filesystem::path;

Type type_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return Type::kDirectory;
    case S_IFLNK:
      return Type::kSymlink;
    case S_IFBLK:
      return Type::kBlockDevice;
    case S_IFCHR:
      return Type::kCharDevice;
    case S_IFIFO:
      return Type::kFifo;
    case S_IFSOCK:
      return Type::kSocket;
    default:
      return Type::kRegular;
  }
}

std::string read_target(int folder, const std::string& name, const Path& path) {
  // The size that lstat reports is 0 in some file systems.
  std::string target(65536, '\0');
  const ssize_t size = ::readlinkat(folder, name.c_str(), target.data(), target.size());
  if (size < 0) base::throw_errno("cannot read the symlink", path);
  target.resize(static_cast<std::size_t>(size));
  target.shrink_to_fit();
  return target;
}

// The names in a directory except "." and "..", sorted bytewise.
std::vector<std::string> names_in(int folder, const Path& path) {
  Fd own(::fcntl(folder, F_DUPFD_CLOEXEC, 3));
  if (!own) base::throw_errno("cannot read the folder", path);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(own.get()), ::closedir);
  if (!stream) base::throw_errno("cannot read the folder", path);
  static_cast<void>(own.release());  // the stream closes it

  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0)
      continue;
    names.emplace_back(entry->d_name);
  }
  if (errno != 0) base::throw_errno("cannot read the folder", path);
  std::sort(names.begin(), names.end());
  return names;
}

// One scan: the state is the inodes with several names that it has met so far.
class Scanner {
 public:
  void fill(Inode& directory, int folder, const Path& path) {
    for (std::string& name : names_in(folder, path)) {
      auto inode = examine(folder, name, path / name);
      directory.entries.push_back(Entry{std::move(name), std::move(inode)});
    }
    directory.entries.shrink_to_fit();
  }

  static void set_attributes(Inode& inode, const struct stat& status) {
    inode.type = type_of(status.st_mode);
    inode.permissions = static_cast<std::uint16_t>(status.st_mode & 07777);
    inode.uid = status.st_uid;
    inode.gid = status.st_gid;
    inode.mtime = status.st_mtim.tv_sec;
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  std::shared_ptr<Inode> examine(int folder, const std::string& name, const Path& path) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      base::throw_errno("cannot examine", path);
    }
    if (S_ISDIR(status.st_mode)) return examine_directory(folder, name, path, status);
    if (status.st_nlink == 1) return examine_file(folder, name, path, status);

    auto& known = with_several_names_[{status.st_dev, status.st_ino}];
    if (known) {
      ++known->links;
    } else {
      known = examine_file(folder, name, path, status);
    }
    return known;
  }

  std::shared_ptr<Inode> examine_directory(int folder, const std::string& name,
                                           const Path& path, const struct stat& status) {
    const Fd below(
        ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!below) base::throw_errno("cannot open the folder", path);
    auto inode = std::make_shared<Inode>();
    set_attributes(*inode, status);
    fill(*inode, below.get(), path);
    return inode;
  }

  static std::shared_ptr<Inode> examine_file(int folder, const std::string& name,
                                             const Path& path,
                                             const struct stat& status) {
    auto inode = std::make_shared<Inode>();
    set_attributes(*inode, status);
    switch (inode->type) {
      case Type::kRegular:
        inode->content = DiskFile{path, static_cast<std::uint64_t>(status.st_size),
                                  status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
        break;
      case Type::kSymlink:
        inode->target = read_target(folder, name, path);
        break;
      case Type::kBlockDevice:
      case Type::kCharDevice:
        inode->device = status.st_rdev;
        break;
      default:
        break;
    }
    return inode;
  }

  std::map<Identity, std::shared_ptr<Inode>> with_several_names_;
};

}  // namespace

Tree scan(const Path& source) {
  const Fd folder = base::open_file(source, O_RDONLY | O_DIRECTORY);
  struct stat status {};
  if (::fstat(folder.get(), &status) != 0) base::throw_errno("cannot examine", source);
  Tree tree;
  Scanner::set_attributes(tree.root(), status);
  Scanner().fill(tree.root(), folder.get(), source);
  return tree;
}

}  // namespace xar::tree
