// SPDX-License-Identifier: BSD-2-Clause
// Archives unpacked where nothing can be mounted: a directory each in a folder of the
// user's, made once, found again by later runs. Directories and files in it are
// read-only, as in a mount.
//
// In the folder an entry NAME is the directory NAME, the file NAME.whole, which
// says of which archive it is and is touched by every use, the file NAME.lock while it
// is made, and hidden directories .NAME.XXXXXX of whoever was killed in the middle.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/header.hpp"

namespace xar::cache {

// A place for unpacked archives: a folder of the effective user's, which need not exist.
struct Location {
  std::filesystem::path folder;
  // Whether the folder is in a directory that users share, as /tmp. Then it must be a
  // directory of mode 0700, and no symlink. Where another user has taken its name, a
  // folder with a random suffix beside it is made and found again instead.
  bool shared = false;
};

// The archive to unpack, borrowed.
struct Source {
  const std::filesystem::path& path;  // for messages
  int fd = -1;                        // open for reading
  const header::Header& header;
  const std::string& identity;  // which file in which state this is, one word
};

struct Unpacked {
  // The directory, close-on-exec. As long as it is open, here or in a process that has
  // inherited it, nothing of the directory is cleaned away.
  base::Fd fd;
  std::filesystem::path directory;
  bool fresh = false;  // unpacked by this call
};

// What can be said of a location without creating anything.
struct Condition {
  std::filesystem::path folder;  // that would be used
  std::string problem;           // why nothing can be unpacked there; empty if it can
  std::uint64_t free_bytes = 0;  // that this user may fill
};

// Whether an archive could be unpacked at `location`. Throws nothing but std::bad_alloc.
Condition examine(const Location& location);

// Whether no program at `location` could be executed, because its file system is mounted
// noexec.
bool is_noexec(const Location& location);

// The archive's files at `location` if they are there, nobody else's, and none of their
// directories has been changed since. Throws base::Error if the folder is not safe to
// use.
std::optional<Unpacked> find(const Location& location, const Source& source);

// The directory that find() would return. To be asked for is no use of it.
std::optional<std::filesystem::path> directory_of(const Location& location,
                                                  const Source& source);

// As find(), and unpacks what is not there, read-only, and compares the archive with its
// digest, if it has one. However many processes ask at once, one unpacks, and the others
// wait for it, for a limited time. Nothing of a failed attempt is left. Throws
// base::Error: is_archives_fault() tells whether the archive is at fault, or the
// location, so that another may do.
Unpacked ensure(const Location& location, const Source& source);

struct Cleaning {
  std::uint64_t older_than = 30 * 86400;  // seconds since the last use
  bool dry_run = false;                   // report, and leave everything as it is
  // Asked of a directory that nobody has locked: whether a process uses it all the same,
  // having closed the descriptor. Empty: none does.
  std::function<bool(const std::filesystem::path& directory)> is_used;
};

// Removes the entries at `location` that have not been used for long, and the remains of
// unpacking that failed. Leaves what Unpacked::fd of any process holds, what is being
// unpacked, and what cannot be removed. Calls `removed` for each. Throws base::Error if
// the folder is not safe to use.
void clean(const Location& location, const Cleaning& cleaning,
           const std::function<void(const std::filesystem::path& directory)>& removed);

}  // namespace xar::cache
