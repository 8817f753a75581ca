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

#include "tree/exclusion.hpp"
#include "tree/xattrs.hpp"
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

// A file under examination: its name in the folder that is open, and its path for
// messages and for reading it later.
struct Place {
  int folder;
  const std::string& name;
  const Path& path;
};

void add_content(Inode& inode, const Place& place, const struct stat& status) {
  switch (inode.type) {
    case Type::kRegular:
      inode.content = DiskFile{place.path, static_cast<std::uint64_t>(status.st_size),
                               status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
      break;
    case Type::kSymlink:
      inode.target = read_target(place.folder, place.name, place.path);
      break;
    case Type::kBlockDevice:
    case Type::kCharDevice:
      inode.device = status.st_rdev;
      break;
    default:
      break;
  }
}

// One scan: besides what it is told, the inodes with several names that it has met.
class Scanner {
 public:
  Scanner(const Path& source, const ScanOptions& options)
      : source_length_(source.native().size()),
        options_(options),
        excluded_(options.excluded) {}

  void fill(Inode& directory, int folder, const Path& path) {
    for (std::string& name : names_in(folder, path)) {
      const Path below = path / name;
      if (excluded_.matches(name, path_in_source(below))) continue;
      auto inode = examine({folder, name, below});
      directory.entries.push_back(Entry{std::move(name), std::move(inode)});
    }
    directory.entries.shrink_to_fit();
  }

  void set_attributes(Inode& inode, const Path& path, const struct stat& status) const {
    inode.type = type_of(status.st_mode);
    inode.permissions = static_cast<std::uint16_t>(status.st_mode & 07777);
    inode.uid = status.st_uid;
    inode.gid = status.st_gid;
    inode.mtime = status.st_mtim.tv_sec;
    if (options_.xattrs) inode.xattrs = read_xattrs(path);
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  std::string path_in_source(const Path& path) const {
    const std::string_view rest = std::string_view(path.native()).substr(source_length_);
    return std::string(rest.substr(std::min(rest.find_first_not_of('/'), rest.size())));
  }

  std::shared_ptr<Inode> examine(const Place& place) {
    struct stat status {};
    if (::fstatat(place.folder, place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      base::throw_errno("cannot examine", place.path);
    }
    if (S_ISDIR(status.st_mode)) return examine_directory(place, status);
    if (status.st_nlink == 1) return examine_file(place, status);

    auto& known = with_several_names_[{status.st_dev, status.st_ino}];
    if (known) {
      ++known->links;
    } else {
      known = examine_file(place, status);
    }
    return known;
  }

  std::shared_ptr<Inode> examine_directory(const Place& place,
                                           const struct stat& status) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    const Fd below(::openat(place.folder, place.name.c_str(), kFlags));
    if (!below) base::throw_errno("cannot open the folder", place.path);
    auto inode = std::make_shared<Inode>();
    set_attributes(*inode, place.path, status);
    fill(*inode, below.get(), place.path);
    return inode;
  }

  std::shared_ptr<Inode> examine_file(const Place& place,
                                      const struct stat& status) const {
    auto inode = std::make_shared<Inode>();
    set_attributes(*inode, place.path, status);
    add_content(*inode, place, status);
    return inode;
  }

  std::size_t source_length_;
  const ScanOptions& options_;
  Exclusion excluded_;
  std::map<Identity, std::shared_ptr<Inode>> with_several_names_;
};

}  // namespace

Tree scan(const Path& source, const ScanOptions& options) {
  const Fd folder = base::open_file(source, O_RDONLY | O_DIRECTORY);
  struct stat status {};
  if (::fstat(folder.get(), &status) != 0) base::throw_errno("cannot examine", source);
  Tree tree;
  Scanner scanner(source, options);
  // Through the symlink, if the source is named by one.
  scanner.set_attributes(tree.root(), source / ".", status);
  scanner.fill(tree.root(), folder.get(), source);
  return tree;
}

}  // namespace xar::tree
