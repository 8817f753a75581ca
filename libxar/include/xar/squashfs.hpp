// SPDX-License-Identifier: BSD-2-Clause
// Writes a file tree as a SquashFS 4.0 image, compressed with zstd on all cores.
// FORMAT.md describes the bytes.
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

// How much of the content has been packed, in bytes.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

// The order of contents in the image: maps paths in the tree, without a slash at either
// end, to priorities. Files of higher priority come first; files without one have 0. The
// priority of a folder applies to everything below it that has none.
using Priorities = std::unordered_map<std::string, int>;

struct Options {
  std::uint32_t block_size = 128 * 1024;  // a power of two within the limits
  int level = 15;                         // zstd's, within the limits
  unsigned threads = 0;                   // that compress, at most; 0: one per core
  std::uint32_t mtime = 0;                // the image's own time, seconds since 1970
  Priorities priorities;
  // The folder that keeps compressed blocks for later builds, and the limit of its size
  // in bytes. Empty: none. The image is the same with and without it. Blocks from there
  // are checked against accidental damage, not against attackers who may write there. A
  // folder that cannot be used is ignored.
  std::filesystem::path cache_folder;
  std::uint64_t cache_limit = 1 << 30;
  // If not empty, called on the caller's thread at least once per file and per block of
  // content and metadata; with a total of 0 until the total is known. An exception from
  // it ends the writing and reaches the caller: that is how a build is cancelled.
  std::function<void(const Progress&)> on_progress;
};

// What was written.
struct Summary {
  base::EntryCounts entries;          // without the root
  std::uint64_t content_bytes = 0;    // of regular files, hard links counted once
  std::uint64_t duplicate_bytes = 0;  // of these: equal to others, and not stored again
  std::uint64_t cached_bytes = 0;     // of these: compressed by an earlier build
  std::uint64_t image_bytes = 0;      // including the padding to 4 KiB
};

// Writes `tree` as a SquashFS image to `fd`, from byte `offset` on. `fd` is borrowed,
// must be open for reading and writing, and must have nothing at or behind `offset`.
// Messages call the file `output`. The same tree and options give the same bytes,
// whatever the number of threads. Memory use does not depend on the sizes of files: it is
// about ten blocks and two zstd contexts per thread, the image's metadata, and a hundred
// bytes for each file and each block, by which duplicates are found. Throws base::Error
// for options out of range, for what the format cannot hold, and for a file that cannot
// be read or has changed since the scan; base::SystemError if writing fails. The caller
// discards the output then.
Summary write_image(int fd, std::uint64_t offset, const std::filesystem::path& output,
                    const tree::Tree& tree, const Options& options);

}  // namespace xar::squashfs
