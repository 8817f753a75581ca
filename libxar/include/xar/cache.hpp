// SPDX-License-Identifier: BSD-2-Clause
// Unpacks archives where nothing can be mounted: each into a directory in a folder of the
// user's, once; later runs find it. Its directories and files are read-only, as in a
// mount.
//
// An entry NAME of the folder consists of the directory NAME, its manifest NAME.whole,
// which identifies the archive and is touched by every use, the file NAME.lock while it
// is made, and hidden directories .NAME.XXXXXX that killed processes have left.
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

// A folder of the effective user for unpacked archives. It need not exist.
struct Location {
  std::filesystem::path folder;
  // Whether the folder is in a directory that users share, such as /tmp. Then it must be
  // a directory of mode 0700 and no symlink. If its name belongs to another user, a
  // folder with a random suffix is used instead, and found again.
  bool shared = false;
};

// The archive to unpack. All members are borrowed.
struct Source {
  const std::filesystem::path& path;  // for messages
  int fd = -1;                        // open for reading
  const header::Header& header;
  const std::string& identity;  // see mount::Archive::identity
};

struct Unpacked {
  // The directory; close-on-exec. While it is open, here or in a process that has
  // inherited it, clean() does not remove the directory.
  base::Fd fd;
  std::filesystem::path directory;
  bool fresh = false;  // this call has unpacked it
};

// The state of a location.
struct Condition {
  std::filesystem::path folder;  // the one that would be used
  std::string problem;           // why nothing can be unpacked there, or empty
  std::uint64_t free_bytes = 0;  // available to this user
};

// Finds out whether an archive could be unpacked at `location`. Creates nothing. Throws
// only std::bad_alloc.
Condition examine(const Location& location);

// Whether the file system of `location` is mounted noexec, so that no program there could
// be executed.
bool is_noexec(const Location& location);

// Returns the unpacked archive at `location`, if it is there, belongs to the user, and
// none of its directories has changed. Throws base::Error if the folder is unsafe.
std::optional<Unpacked> find(const Location& location, const Source& source);

// Returns the directory that find() would return. Does not count as a use.
std::optional<std::filesystem::path> directory_of(const Location& location,
                                                  const Source& source);

// As find(), but unpacks the archive if it is missing, and compares it with its digest,
// if it has one. If several processes call this at once, one unpacks, and the others wait
// for a limited time. A failed attempt leaves nothing. Throws base::Error:
// is_archives_fault() tells whether the archive is at fault, or the location, so that
// another may do.
Unpacked ensure(const Location& location, const Source& source);

struct Cleaning {
  std::uint64_t older_than = 30 * 86400;  // seconds since the last use
  bool dry_run = false;                   // report, and leave everything as it is
  // Returns whether a process uses a directory that is not locked, because it has closed
  // the descriptor. Empty: no process does.
  std::function<bool(const std::filesystem::path& directory)> is_used;
};

// Removes entries at `location` that were not used for long, and the remains of killed
// processes. Calls `removed` for each. Leaves what an Unpacked::fd keeps, what is being
// unpacked, and what cannot be removed. Throws base::Error if the folder is unsafe.
void clean(const Location& location, const Cleaning& cleaning,
           const std::function<void(const std::filesystem::path& directory)>& removed);

}  // namespace xar::cache
