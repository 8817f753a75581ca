// SPDX-License-Identifier: BSD-2-Clause
// Archives unpacked where nothing can be mounted: a directory each in a cache of the
// user's, made once, found again by later runs.
//
// In the cache's folder an entry NAME is the directory NAME, the file NAME.whole, which
// says of which archive it is and is touched by every use, the file NAME.lock while it
// is made, and hidden directories .NAME.XXXXXX of whoever was killed in the middle.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "xar/base/fd.hpp"
#include "xar/header.hpp"

namespace xar::cache {

// What is to be said where `folder` would be empty.
inline constexpr const char* kNoFolder =
    "no folder for caches: set XDG_CACHE_HOME or HOME";

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

// Throws base::Error if nothing could be unpacked into the cache `folder`: it is not safe
// to use, cannot be made, or cannot be written to. Creates nothing. Returns what there is
// of it, the folder or the directory in which it would be made.
std::filesystem::path check(const std::filesystem::path& folder);

// The archive's files in the cache `folder` if they are there, nobody else's, and none of
// their directories has been changed since. Throws base::Error if the folder is not safe
// to use.
std::optional<Unpacked> find(const std::filesystem::path& folder, const Source& source);

// As find(), and unpacks what is not there, comparing the archive with its digest, if
// it has one, on the way. However many processes ask at once, one unpacks, the others
// wait for it, though not for ever. Throws base::Error; nothing of the attempt is left
// then.
Unpacked ensure(const std::filesystem::path& folder, const Source& source);

struct Cleaning {
  std::uint64_t older_than = 30 * 86400;  // seconds since the last use
  bool dry_run = false;                   // report, and leave everything as it is
  // Asked of a directory that nobody has locked: whether a process uses it all the same,
  // having closed the descriptor. Empty: none does.
  std::function<bool(const std::filesystem::path& directory)> is_used;
};

// Removes the entries of the cache `folder` that have not been used for long, and what
// unpacking has left that did not end well. Nothing that Unpacked::fd of any process
// still holds or that is being made. Calls `removed` for each. What cannot be removed is
// left. Throws base::Error if the folder is not safe to use.
void clean(const std::filesystem::path& folder, const Cleaning& cleaning,
           const std::function<void(const std::filesystem::path& directory)>& removed);

}  // namespace xar::cache
