// SPDX-License-Identifier: BSD-2-Clause
// Decides which small files to push into the kernel's page cache, and when: files that
// the kernel knows from a listing, and that share a fragment block with a file that is
// read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "fuse/operations.hpp"
#include "fuse/recent.hpp"

namespace xar::fuse {

// A small regular file: the kernel's number for it, and the fragment block in which
// all of its content is.
struct SmallFile {
  fuse_ino_t number = 0;
  std::uint32_t fragment = 0;
};

// A file is returned once at most for each time that it is listed. The memory is bounded:
// what is beyond the limits is forgotten, and such a file is requested. Safe to use from
// several threads.
class PushCandidates {
 public:
  static constexpr std::size_t kMaxListings = 16;   // that are under way at once
  static constexpr std::size_t kMaxKnown = 50'000;  // files
  static constexpr std::size_t kMaxReturned = 64;   // files a call
  static constexpr std::size_t kMaxWarmFragments = 32;

  // To be called before a listing with these files of a directory is sent to the kernel.
  void on_entries_listed(fuse_ino_t directory, std::span<const SmallFile> files);

  // The directory's listing goes on, so the kernel has received the oldest part that it
  // was not yet known to have. Returns the files in it whose fragment block was read
  // recently. The others are kept until a neighbour is read.
  [[nodiscard]] std::vector<fuse_ino_t> on_listing_continued(fuse_ino_t directory);

  // The kernel waits for this file's content. Returns the known files of the same
  // fragment block, in the order in which they were listed.
  [[nodiscard]] std::vector<fuse_ino_t> on_small_read(const SmallFile& file);

  // Forgets all files and frees the memory.
  void clear();

 private:
  struct Listed {
    fuse_ino_t directory = 0;
    std::vector<SmallFile> files;
  };

  std::mutex mutex_;
  std::deque<Listed> listing_;  // told, the kernel may not have received it yet
  std::unordered_map<std::uint32_t, std::vector<fuse_ino_t>> known_;  // by fragment
  std::size_t known_count_ = 0;
  Recent<std::uint32_t, kMaxWarmFragments> warm_;  // the fragment blocks read last
};

}  // namespace xar::fuse
