// SPDX-License-Identifier: BSD-2-Clause
// The in-memory file tree: which files go into an image. A directory scan, a tar stream
// or the Python packager fills a Tree; the SquashFS writer decides how it is stored.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "xar/base/fd.hpp"

namespace xar::tree {

enum class Type {
  kDirectory,
  kRegular,
  kSymlink,
  kBlockDevice,
  kCharDevice,
  kFifo,
  kSocket
};

struct Inode;

// An entry of a directory. Entries that share an inode are hard links.
struct Entry {
  std::string name;  // 1 to 255 bytes, no '/' and no NUL, not "." or ".."
  std::shared_ptr<Inode> inode;
};

// Content that is read from a file when the image is written. The file must still have
// this size and modification time then.
struct DiskFile {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::int64_t mtime_seconds = 0;
  std::int64_t mtime_nanoseconds = 0;
};

// Content that is a part of a temporary file, which no other process changes.
struct Part {
  std::shared_ptr<const base::Fd> file;  // open for reading
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// The content of a regular file: on disk, in memory, or in a temporary file.
using Content = std::variant<DiskFile, std::string, Part>;

// An extended attribute: a name such as "user.comment", and a value of any bytes.
struct Xattr {
  std::string name;
  std::string value;

  bool operator==(const Xattr&) const = default;
};

// A file of any type, with any number of names.
struct Inode {
  Type type = Type::kDirectory;
  std::uint16_t permissions = 0755;  // the lower twelve mode bits
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int64_t mtime = 0;   // seconds since 1970
  std::uint32_t links = 1;  // its names in the tree; always 1 for a directory

  Content content;             // kRegular
  std::string target;          // kSymlink, 1 to 65535 bytes
  dev_t device = 0;            // kBlockDevice, kCharDevice
  std::vector<Entry> entries;  // kDirectory, sorted by name, bytewise
  std::vector<Xattr> xattrs;   // sorted by name; user, trusted and security only

  // The size of a regular file's content, in bytes.
  [[nodiscard]] std::uint64_t size() const;
};

// Called with the path of a file in which two trees differ. Throws to reject it.
using OnDifference = std::function<void(const std::string& path)>;

// A whole tree, which owns its inodes. Several threads may read it at once; a thread that
// changes it must be alone.
class Tree {
 public:
  // Makes a tree of one empty directory: mode 0755, owned by root, modified at time 0.
  Tree();
  Tree(Tree&&) noexcept = default;
  Tree& operator=(Tree&& other) noexcept;
  ~Tree();

  [[nodiscard]] Inode& root() { return *root_; }
  [[nodiscard]] const Inode& root() const { return *root_; }

  // Returns the inode at `path`, relative to the root; "." and "" are the root. Follows
  // no symlink. Returns nullptr if there is none, or if `path` has a "..".
  [[nodiscard]] const Inode* find(std::string_view path) const;

  // Adds a regular file at `path`, relative to the root, and missing directories above
  // it. Throws base::Error if `path` exists, or if something above it is no directory.
  void add_file(std::string_view path, std::string content, std::uint16_t permissions);

  // Adds a symlink, in the same way.
  void add_symlink(std::string_view path, std::string target);

  // Adds every entry of `other`, which is empty afterwards. Directories at the same path
  // become one, with the attributes of this tree's. Of equal files or symlinks, this
  // tree's stays. Throws base::Error of the kind kConflict, naming the path, if they
  // differ, and base::SystemError if a file cannot be read for the comparison.
  void merge(Tree other);

  // The same, but calls `on_difference` for files that differ; if it returns, this tree's
  // file stays. A file and a directory at the same path are always an error. `tick`, if
  // not empty, is called for each name and each piece of content that is compared; an
  // exception from it ends the merge, and the caller discards this tree.
  void merge(Tree other, const OnDifference& on_difference,
             const std::function<void()>& tick = {});

  // The newest modification time in the tree, at least 0.
  [[nodiscard]] std::int64_t newest_mtime() const;

  // What clamp_mtimes() has changed.
  struct Clamped {
    std::uint64_t names = 0;  // the number of names, with the root
    std::string first;        // the path of the first of them, "." for the root
  };

  // Sets modification times before `earliest` to `earliest`, and those after `latest` to
  // `latest`, both in seconds since 1970.
  Clamped clamp_mtimes(std::int64_t earliest, std::int64_t latest);

  // Sets the owner and group of everything.
  void set_owner(std::uint32_t uid, std::uint32_t gid);

 private:
  void add(std::string_view path, std::shared_ptr<Inode> inode);

  std::shared_ptr<Inode> root_;
};

// Calls `visit` with each entry in the tree, and its path from the root without a slash
// at either end. A directory comes before its content; names are sorted bytewise. The
// root is left out. An exception from `visit` ends the iteration.
void for_each_entry(
    const Tree& tree,
    const std::function<void(const std::string& path, const Entry& entry)>& visit);

// What scans have found besides the files.
struct ScanFindings {
  // The patterns of ScanOptions::excluded that have matched.
  std::set<std::string> used_patterns;

  // Files with an access control list, which an image cannot store: their number, and the
  // paths of the first kMaxNamed.
  static constexpr std::size_t kMaxNamed = 10;
  std::uint64_t files_with_acls = 0;
  std::vector<std::filesystem::path> named_with_acls;
};

// Options of a scan.
struct ScanOptions {
  // Shell patterns, as fnmatch(3) has them, of what is left out. A pattern without a
  // slash is compared with every name. One with a slash is compared with paths relative
  // to the source, and its * and ? match no slash. Leading, trailing and repeated slashes
  // and dot components are ignored. Everything below an excluded directory is excluded.
  std::vector<std::string> excluded;
  bool xattrs = true;  // read extended attributes

  // Stays on the source's file system: a directory on which another file system is
  // mounted is packed empty, and any other file of another file system is left out.
  bool one_file_system = false;

  // Files and directories that the build itself writes. They need not exist. They are
  // left out, with the temporary files that become them. A directory with one of them
  // gets the time of the newest of its other entries, because writing changes its own.
  std::vector<std::filesystem::path> own_output = {};

  // If not null, receives what the scan finds. It must outlive the scan.
  ScanFindings* findings = nullptr;

  // If not empty, called for each name. An exception from it ends the scan and reaches
  // the caller: that is how a scan is cancelled.
  std::function<void()> meanwhile;
};

// Reads the directory `source` into a tree: names, types, owners, times and links now,
// file contents when the image is written. Follows no symlink except `source` itself.
// Several names of one file become hard links. A file with an access control list gets
// permissions that grant nobody more. Only memory limits the depth and length of paths;
// about forty descriptors are open at most. Throws base::Error if `source` is no readable
// directory, or if anything below it cannot be examined.
Tree scan(const std::filesystem::path& source, const ScanOptions& options = {});

// The content of a tar stream.
struct Tar {
  Tree tree;
  std::vector<std::string> warnings;  // sentences for the user: what was changed or lost
};

// Reads a tar stream of the GNU, pax or star format, compressed or not, from `fd`, which
// is borrowed, to its end. File contents go to a temporary file, to which the tree
// refers. Names may come in any order: of equal ones the last counts. A leading slash is
// ignored. Messages call the stream `name`. The tree is the one that a scan of the packed
// files would make, as far as the stream has the information. Uses all of `options`
// except one_file_system. Throws base::Error if the stream is damaged or has names that
// lead out of the tree, and base::SystemError if the temporary file cannot be written.
Tar read_tar(int fd, const std::filesystem::path& name, const ScanOptions& options = {});

// Reads the file `path` of any type, and follows symlinks: attributes now, the content
// when the image is written. Throws base::SystemError if it cannot be examined.
std::shared_ptr<Inode> scan_file(const std::filesystem::path& path,
                                 const ScanOptions& options = {});

}  // namespace xar::tree
