// SPDX-License-Identifier: BSD-2-Clause
// The SquashFS 4.0 writer: a file tree in, an image out, compressed with zstd on
// all cores. FORMAT.md describes the bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <unordered_map>

#include "xar/base/entry_counts.hpp"
#include "xar/tree.hpp"

namespace xar::squashfs {

inline constexpr std::uint32_t kMinBlockSize = 4096;
inline constexpr std::uint32_t kMaxBlockSize = 1 << 20;
inline constexpr int kMinLevel = 1;
inline constexpr int kMaxLevel = 22;
inline constexpr unsigned kMaxThreads = 1024;

// How much is packed, in bytes of file content.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

// Where contents stand in the image: path in the tree, without a slash at either end,
// to priority. Files of higher priority come first, 0 being that of files not named; a
// folder's counts for all below that has none of its own.
using Priorities = std::unordered_map<std::string, int>;

struct Options {
  std::uint32_t block_size = 128 * 1024;  // a power of two within the limits
  int level = 15;                         // zstd's, within the limits
  unsigned threads = 0;                   // compressing at most; 0: one a core
  std::uint32_t mtime = 0;                // the image's own time, seconds since 1970
  Priorities priorities;
  // Where compressed blocks are kept from build to build, and how many bytes of them;
  // empty: nowhere. The image is the same. What is there already is checked before it is
  // used, against mistakes, not against those who may write there. Ignored where it
  // cannot be used.
  std::filesystem::path cache_folder;
  std::uint64_t cache_limit = 1 << 30;
  // Called on the caller's thread, at least once a file and once a block of content and
  // of metadata, before the total is known with a total of 0. What it throws ends the
  // writing and reaches the caller, which is how a build is cancelled.
  std::function<void(const Progress&)> on_progress;
};

// What has been written.
struct Summary {
  base::EntryCounts entries;          // the root aside
  std::uint64_t content_bytes = 0;    // of regular files, hard links counted once
  std::uint64_t duplicate_bytes = 0;  // of these, stored once with others
  std::uint64_t cached_bytes = 0;     // of these, compressed by an earlier build
  std::uint64_t image_bytes = 0;      // including the padding to 4 KiB
};

// Writes `tree` as a SquashFS image into `fd` (borrowed, open for reading and
// writing, nothing at or behind `offset`), beginning at byte `offset`. The same
// tree and options give the same bytes whatever the number of threads. `output`
// names the file in messages. Whatever the size of the files, memory use is at most
// some ten blocks and two zstd contexts a thread, besides the image's metadata and
// about a hundred bytes for each file and each block of content, by which duplicates are
// found. Throws Error for options out of range, for
// what the format cannot hold, and for a file that changed since the scan or cannot
// be read; SystemError if writing fails. The output is then to be thrown away.
Summary write_image(int fd, std::uint64_t offset, const std::filesystem::path& output,
                    const tree::Tree& tree, const Options& options);

}  // namespace xar::squashfs
