// SPDX-License-Identifier: BSD-2-Clause
// A directory's listing: runs of entries, each run behind a header with what its
// entries share, sorted by name. Extended directories also have an index into it.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/inode.hpp"

namespace xar::image {

// Walks one listing. A value: a copy goes on from where the original stood. Not to be
// shared between threads. The functions throw Failure if the listing is corrupt.
class DirectoryReader {
 public:
  // Begins at the first entry. The store must outlive the reader. Throws
  // Failure(ENOTDIR) if the inode is not a directory's.
  DirectoryReader(const BlockStore& store, const Inode& directory);

  // How many bytes of the listing have been read.
  [[nodiscard]] std::uint64_t position() const { return position_; }

  // Reads the next entry, all of it but Entry::next; false at the end.
  bool next(Entry& entry);

  // Whether a run of entries begins here, and where it is stored then.
  [[nodiscard]] bool at_run() const { return run_left_ == 0 && position_ < size_; }
  [[nodiscard]] MetadataPlace place() const { return listing_.place(); }

  // Goes from the beginning to a run that begins at or before the entry `name`,
  // the last such run that the directory's index knows.
  void approach(std::string_view name);

  // Likewise for the entry at a position().
  void approach(std::uint64_t position);

 private:
  template <typename Passed>
  void approach_by_index(Passed passed);
  void jump(std::uint32_t position, std::uint32_t block);
  bool next_run();
  void advance(std::uint64_t bytes);

  const BlockStore* store_;
  MetadataCursor index_;
  std::uint16_t index_count_;
  std::uint16_t first_offset_;  // of the listing in its first block
  std::uint64_t size_;
  std::uint64_t position_ = 0;
  MetadataCursor listing_;

  // Of the run under the cursor.
  std::uint32_t run_left_ = 0;
  std::uint64_t run_block_ = 0;
  std::uint32_t run_number_ = 0;
};

// Throws Failure unless the names of `directory` ascend bytewise and each entry of its
// index leads to a run that begins with the name that it says: find_entry() and the
// kernel, which looks names up in the same way, then find all that is listed.
void check_index(const BlockStore& store, const Inode& directory);

// Finds `name` in a directory; false if it is not there. Throws as DirectoryReader.
bool find_entry(const BlockStore& store, const Inode& directory, std::string_view name,
                Entry& entry);

}  // namespace xar::image
