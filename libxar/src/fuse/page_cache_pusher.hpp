// SPDX-License-Identifier: BSD-2-Clause
// Pushes the content of small files into the kernel's page cache before the kernel
// requests it. Otherwise reading a tree takes one request per file, and a request costs
// two switches between processes, more than copying content that is decompressed already.
// The same holds for the rest of a block of a large file that is read at random.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <utility>

#include "fuse/operations.hpp"
#include "fuse/push_candidates.hpp"
#include "fuse/receiver_token.hpp"
#include "fuse/recent.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

// Pushes files that the kernel knows from a listing, and that share a fragment block with
// a file that is read. A program that only lists a tree causes no pushing.
//
// Small files are pushed before the reply, because the program that waits for it would
// wait for the next files too. The rest of a large file's block is pushed after the
// reply, because the program will probably read elsewhere next. A push blocks while the
// kernel waits for the answer to a read of the same file. So only one thread pushes at a
// time, in a BlockingSection or without the token, and another thread must be there to
// answer. Safe to use from several threads.
class PageCachePusher {
 public:
  // All three must outlive it.
  PageCachePusher(const image::Image& image, fuse_session& session, ReceiverToken& token)
      : image_(image), session_(session), token_(token) {}

  // To be called before a listing with these files of a directory is sent to the kernel.
  void on_entries_listed(fuse_ino_t directory, std::span<const SmallFile> files) {
    candidates_.on_entries_listed(directory, files);
  }

  // To be called when the kernel continues a listing: it knows the earlier files by now.
  void on_listing_continued(fuse_ino_t directory);

  // To be called before the reply to a read of this file.
  void on_small_read(const SmallFile& file);

  // To be called after `size` bytes from `offset` on of a large file were sent. If that
  // is so little that the file must be read at random, pushes the rest of the block, as
  // the kernel's own SquashFS does: another read of the block then needs no request.
  // Pushes nothing if there is no memory for it.
  void on_large_read_sent(fuse_ino_t number, std::uint64_t offset, std::size_t size);

  // Frees the memory. Files listed so far are not pushed any more.
  void clear() { candidates_.clear(); }

 private:
  void push(std::span<const fuse_ino_t> files);
  void push_one(fuse_ino_t number) const;
  void store(fuse_ino_t number, std::uint64_t offset, std::size_t size) const;

  const image::Image& image_;
  fuse_session& session_;
  ReceiverToken& token_;

  PushCandidates candidates_;

  std::mutex pushing_;  // held by the thread that pushes
  // That thread's: the blocks of large files pushed last.
  Recent<std::pair<fuse_ino_t, std::uint64_t>, 32> pushed_;
};

}  // namespace xar::fuse
