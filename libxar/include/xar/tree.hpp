// SPDX-License-Identifier: BSD-2-Clause
// The in-memory file tree: what goes into an image, before it is decided how it
// is stored. Whoever chooses files (a directory scan, the Python packager) fills
// a Tree; the SquashFS writer consumes it.
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

// One name in a directory. Two entries that share an inode are hard links.
struct Entry {
  std::string name;  // 1 to 255 bytes, no '/' and no NUL, not "." or ".."
  std::shared_ptr<Inode> inode;
};

// Content that is read from the file system when the image is written. The file
// must then still have this size and modification time.
struct DiskFile {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::int64_t mtime_seconds = 0;
  std::int64_t mtime_nanoseconds = 0;
};

// Content that is part of a file which nobody else has.
struct Part {
  std::shared_ptr<const base::Fd> file;  // open for reading
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// Content of a regular file: on disk, made by us, or part of a temporary file.
using Content = std::variant<DiskFile, std::string, Part>;

// An extended attribute: "user.comment" and its value, any bytes.
struct Xattr {
  std::string name;
  std::string value;

  bool operator==(const Xattr&) const = default;
};

// A file of any type, under any number of names.
struct Inode {
  Type type = Type::kDirectory;
  std::uint16_t permissions = 0755;  // the lower twelve mode bits
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int64_t mtime = 0;   // seconds since 1970
  std::uint32_t links = 1;  // names it has in the tree; directories: always 1

  Content content;             // kRegular
  std::string target;          // kSymlink, 1 to 65535 bytes
  dev_t device = 0;            // kBlockDevice, kCharDevice
  std::vector<Entry> entries;  // kDirectory, sorted by name, bytewise
  std::vector<Xattr> xattrs;   // sorted by name; user, trusted and security only

  // Content size in bytes of a regular file.
  [[nodiscard]] std::uint64_t size() const;
};

// Called with the path of a file in which two trees differ. Throws to refuse it.
using OnDifference = std::function<void(const std::string& path)>;

// A whole tree. The inodes live as long as it. Not thread-safe to change; safe
// to read from several threads.
class Tree {
 public:
  // A tree of one empty directory, 0755, owned by root, modified at time 0.
  Tree();
  Tree(Tree&&) noexcept = default;
  Tree& operator=(Tree&& other) noexcept;
  ~Tree();

  [[nodiscard]] Inode& root() { return *root_; }
  [[nodiscard]] const Inode& root() const { return *root_; }

  // The inode at `path`, relative to the root, "." and "" meaning the root; no
  // symlink is followed. Null where there is none or `path` has a "..".
  [[nodiscard]] const Inode* find(std::string_view path) const;

  // Adds a file made by us at `path`, relative to the root, and the directories above it
  // that are not there. Throws Error if something is at `path` or above it already that
  // is not a directory.
  void add_file(std::string_view path, std::string content, std::uint16_t permissions);

  // Adds a symlink in the same way.
  void add_symlink(std::string_view path, std::string target);

  // Adds every name of `other`, which is empty afterwards. Where both have a directory
  // it becomes one, with the attributes that it has here; where both have the same file
  // or symlink this one stays. Throws Error if they differ, naming the path; SystemError
  // if a file on disk cannot be read to compare it.
  void merge(Tree other);

  // The same, but for files that differ `on_difference` is called; if it returns, the one
  // here stays. A file and a directory of one name are refused always. `tick`, if it is
  // not empty, is called for each name and for each piece of content that is compared;
  // what it throws ends the merge, and leaves this tree to be thrown away.
  void merge(Tree other, const OnDifference& on_difference,
             const std::function<void()>& tick = {});

  // The newest modification time in the tree, at least 0.
  [[nodiscard]] std::int64_t newest_mtime() const;

  // What clamp_mtimes() has changed.
  struct Clamped {
    std::uint64_t names = 0;  // how many names, the root included
    std::string first;        // the path of the first of them, "." for the root
  };

  // Sets every modification time below `earliest` to it, and every one above `latest`.
  Clamped clamp_mtimes(std::int64_t earliest, std::int64_t latest);

  // Makes everything belong to one user and group.
  void set_owner(std::uint32_t uid, std::uint32_t gid);

 private:
  void add(std::string_view path, std::shared_ptr<Inode> inode);

  std::shared_ptr<Inode> root_;
};

// Calls `visit` with each name in the tree: its path from the root, without a slash at
// either end, and its entry. A directory comes before its content, the names in it are
// sorted bytewise. The root is not passed. What `visit` throws ends it.
void for_each_entry(
    const Tree& tree,
    const std::function<void(const std::string& path, const Entry& entry)>& visit);

// What scans have found that whoever asked for them may want to know.
struct ScanFindings {
  // Of ScanOptions::excluded, those that have left something out.
  std::set<std::string> used_patterns;

  // Files with an access control list, which an image cannot hold: how many, and the
  // first kMaxNamed of them.
  static constexpr std::size_t kMaxNamed = 10;
  std::uint64_t files_with_acls = 0;
  std::vector<std::filesystem::path> named_with_acls;
};

// What a scan leaves out, and whom it tells.
struct ScanOptions {
  // Shell patterns (fnmatch). One without a slash is held against every name; one
  // with a slash against the path from the source on, in which * and ? match no
  // slash. Leading, trailing and repeated slashes and parts that are a dot count for
  // nothing. What is below an excluded directory is excluded too.
  std::vector<std::string> excluded;
  bool xattrs = true;  // read extended attributes

  // Stays on the source's file system: a directory on which another one is mounted is
  // packed empty, and any other file of another one not at all.
  bool one_file_system = false;

  // Files and directories that the build itself writes, which need not exist: they are
  // left out, with the temporary files that become them. A directory with one of them has
  // the time of the newest of its other entries, because writing changes its own.
  std::vector<std::filesystem::path> own_output = {};

  // Added to, if it is there. It must outlive the scan.
  ScanFindings* findings = nullptr;

  // Called for each name, if it is not empty. What it throws ends the scan and reaches
  // the caller, which is how one is cancelled.
  std::function<void()> meanwhile;
};

// Reads the directory at `source` into a tree: names, types, owners, times and
// links now, file contents when the image is written. Symlinks are kept as they
// are and never followed, `source` itself aside; several names of one file
// become hard links. A file with an access control list gets permissions that grant
// nobody more than that. Depth and length of paths are limited by memory only; at most
// some forty descriptors are open at a time. Throws Error if `source` is not a readable
// directory or anything below it cannot be examined.
Tree scan(const std::filesystem::path& source, const ScanOptions& options = {});

// What a tar stream has.
struct Tar {
  Tree tree;
  std::vector<std::string> warnings;  // sentences for the user: what is not as it was
};

// Reads the tar stream of GNU, pax or star kind, compressed or not, from `fd` (borrowed)
// into a tree, to its end. Its content goes to a temporary file, which the tree's files
// refer to. Names may come in any order: of two equal ones the last counts, and a slash
// in front of one counts for nothing. `name` is for messages. The same tree comes out as
// of a scan of what was packed, if that is what the stream tells. Of `options` all counts
// but one_file_system. Throws Error if the stream is damaged or has names that lead out,
// SystemError if the temporary file cannot be written.
Tar read_tar(int fd, const std::filesystem::path& name, const ScanOptions& options = {});

// Reads the file at `path`, through symlinks: attributes now, the content when the image
// is written. Throws SystemError if it cannot be examined; its type may be any.
std::shared_ptr<Inode> scan_file(const std::filesystem::path& path,
                                 const ScanOptions& options = {});

}  // namespace xar::tree
