// SPDX-License-Identifier: BSD-2-Clause
// The scan of a directory into a tree. It goes down by descriptors, never by
// names, so that a folder replaced by a symlink meanwhile cannot lead it out. It keeps
// its own stack, because how deep a tree goes is for nobody to limit.
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "tree/acl.hpp"
#include "tree/exclusion.hpp"
#include "tree/own_output.hpp"
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
  Fd own = base::duplicate(folder, path);
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

constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// Of the folders that lead to the one being read, how many are kept open. The others are
// opened again from below.
constexpr std::size_t kKeptOpen = 32;

// One scan: besides what it is told, the inodes with several names that it has met.
class Scanner {
 public:
  Scanner(const Path& source, const ScanOptions& options)
      : path_(source.native()),
        source_length_(path_.size()),
        options_(options),
        excluded_(options.excluded,
                  [this](const std::string& pattern) {
                    if (options_.findings)
                      options_.findings->used_patterns.insert(pattern);
                  }),
        own_output_(options.own_output) {}

  Tree scan(Fd folder) {
    struct stat status {};
    if (::fstat(folder.get(), &status) != 0) base::throw_errno("cannot examine", path_);
    Tree tree;
    set_attributes(tree.root(), path_ + "/.", status);
    enter(std::move(folder), status, tree.root());
    while (!levels_.empty()) step();
    return tree;
  }

  // A file that is no folder, called `name` in the open one.
  std::shared_ptr<Inode> examine_file(int folder, const std::string& name,
                                      const struct stat& status) {
    if (status.st_nlink == 1) return new_file(folder, name, status);
    auto& known = with_several_names_[identity_of(status)];
    if (known) {
      ++known->links;
    } else {
      known = new_file(folder, name, status);
    }
    return known;
  }

 private:
  // A folder that is being read.
  struct Level {
    Fd fd;  // nothing where it has been closed for a while
    Identity identity;
    Inode* inode = nullptr;
    std::vector<std::string> names;  // of what is in it
    std::size_t next = 0;            // of these
    std::size_t path_length = 0;
    const OwnOutput::Names* own_output = nullptr;  // what the build writes here
  };

  void enter(Fd folder, const struct stat& status, Inode& inode) {
    std::vector<std::string> names = names_in(folder.get(), path_);
    inode.entries.reserve(names.size());
    const Identity identity = identity_of(status);
    levels_.push_back({std::move(folder), identity, &inode, std::move(names), 0,
                       path_.size(), own_output_.in(identity)});
    if (levels_.size() > kKeptOpen) levels_[levels_.size() - 1 - kKeptOpen].fd.reset();
  }

  // The next name in the folder that was entered last.
  void step() {
    Level& level = levels_.back();
    if (level.next == level.names.size()) return leave();
    if (options_.meanwhile) options_.meanwhile();
    std::string name = std::move(level.names[level.next++]);
    if (level.own_output && OwnOutput::has(*level.own_output, name)) return;
    path_.resize(level.path_length);
    if (!path_.ends_with('/')) path_ += '/';
    path_ += name;
    if (!options_.excluded.empty() && excluded_.matches(name, path_in_source())) return;
    examine(level, std::move(name));
  }

  void leave() {
    const Level done = std::move(levels_.back());
    done.inode->entries.shrink_to_fit();
    if (done.own_output) done.inode->mtime = newest_entry(*done.inode);
    levels_.pop_back();
    if (levels_.empty()) return;
    path_.resize(levels_.back().path_length);
    if (!levels_.back().fd) return_to(levels_.back(), done.fd.get());
  }

  // The time of a folder that the build writes to, which changes that of the folder.
  static std::int64_t newest_entry(const Inode& folder) {
    std::int64_t newest = 0;
    for (const Entry& entry : folder.entries) {
      newest = std::max(newest, entry.inode->mtime);
    }
    return newest;
  }

  // Opens a folder again, from the one in it that is done.
  void return_to(Level& level, int below) const {
    level.fd.reset(::openat(below, "..", kOpenFolder));
    struct stat status {};
    if (!level.fd || ::fstat(level.fd.get(), &status) != 0) {
      base::throw_errno("cannot open the folder", path_);
    }
    if (identity_of(status) == level.identity) return;
    throw base::Error("changed while it was packed", path_,
                      "build again when nothing moves folders in it");
  }

  [[nodiscard]] std::string path_in_source() const {
    const std::string_view rest = std::string_view(path_).substr(source_length_);
    return std::string(rest.substr(std::min(rest.find_first_not_of('/'), rest.size())));
  }

  void examine(const Level& level, std::string name) {
    struct stat status {};
    const int folder = level.fd.get();
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      base::throw_errno("cannot examine", path_);
    }
    std::vector<Entry>& entries = level.inode->entries;
    const bool elsewhere =
        options_.one_file_system && status.st_dev != levels_.front().identity.first;
    if (elsewhere && !S_ISDIR(status.st_mode)) return;
    if (S_ISDIR(status.st_mode)) {
      auto inode = std::make_shared<Inode>();
      entries.push_back({name, inode});
      return examine_folder(folder, name, *inode);
    }
    auto inode = examine_file(folder, name, status);
    entries.push_back({std::move(name), std::move(inode)});
  }

  void examine_folder(int parent, const std::string& name, Inode& inode) {
    Fd below(::openat(parent, name.c_str(), kOpenFolder));
    struct stat status {};
    if (!below || ::fstat(below.get(), &status) != 0) {
      base::throw_errno("cannot open the folder", path_);
    }
    set_attributes(inode, reachable(parent, name), status);
    // On which another file system is mounted, which is left out.
    if (options_.one_file_system && status.st_dev != levels_.front().identity.first) {
      return;
    }
    enter(std::move(below), status, inode);
  }

  std::shared_ptr<Inode> new_file(int folder, const std::string& name,
                                  const struct stat& status) {
    auto inode = std::make_shared<Inode>();
    set_attributes(*inode, reachable(folder, name), status);
    add_content(*inode, folder, name, status);
    return inode;
  }

  // A path of the current file that system calls take, which have a limit on its length.
  [[nodiscard]] std::string reachable(int folder, const std::string& name) const {
    if (path_.size() < PATH_MAX) return path_;
    return "/proc/self/fd/" + std::to_string(folder) + "/" + name;
  }

  // `path` is for reading attributes by.
  void set_attributes(Inode& inode, const std::string& path, const struct stat& status) {
    inode.type = type_of(status.st_mode);
    inode.permissions = static_cast<std::uint16_t>(status.st_mode & 07777);
    inode.uid = status.st_uid;
    inode.gid = status.st_gid;
    inode.mtime = status.st_mtim.tv_sec;
    if (options_.xattrs) {
      FoundXattrs found = read_xattrs(path);
      inode.xattrs = std::move(found.stored);
      if (!found.has_acl) return;
      note_acl();
    }
    // The mode of a file with a list says who gets how much at most.
    constexpr unsigned kForOthers = 077;
    if (inode.type == Type::kSymlink || (inode.permissions & kForOthers) == 0) return;
    const auto acl = read_access_acl(path);
    if (acl) inode.permissions = permissions_without_acl(inode.permissions, *acl);
  }

  void note_acl() {
    if (options_.findings == nullptr) return;
    ++options_.findings->files_with_acls;
    auto& named = options_.findings->named_with_acls;
    if (named.size() < ScanFindings::kMaxNamed) named.emplace_back(path_);
  }

  void add_content(Inode& inode, int folder, const std::string& name,
                   const struct stat& status) const {
    switch (inode.type) {
      case Type::kRegular:
        inode.content = DiskFile{path_, static_cast<std::uint64_t>(status.st_size),
                                 status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
        break;
      case Type::kSymlink:
        inode.target = read_target(folder, name, path_);
        break;
      case Type::kBlockDevice:
      case Type::kCharDevice:
        inode.device = status.st_rdev;
        break;
      default:
        break;
    }
  }

  std::string path_;  // of the file under examination
  std::size_t source_length_;
  const ScanOptions& options_;
  Exclusion excluded_;
  OwnOutput own_output_;
  std::vector<Level> levels_;  // from the source to the folder being read
  std::map<Identity, std::shared_ptr<Inode>> with_several_names_;
};

}  // namespace

Tree scan(const Path& source, const ScanOptions& options) {
  Fd folder = base::open_file(source, O_RDONLY | O_DIRECTORY);
  return Scanner(source, options).scan(std::move(folder));
}

std::shared_ptr<Inode> scan_file(const Path& path, const ScanOptions& options) {
  const Path target = std::filesystem::canonical(path);
  struct stat status {};
  if (::stat(target.c_str(), &status) != 0) base::throw_errno("cannot examine", path);
  return Scanner(target, options).examine_file(AT_FDCWD, target, status);
}

}  // namespace xar::tree
