// SPDX-License-Identifier: BSD-2-Clause
// Gives the kernel the content of small files before it asks. Reading a tree is one
// request a file otherwise, and a request costs more than the file does: two switches
// between processes, while the content lies decompressed beside its neighbours'. So does
// the rest of a block of a large file that is read at random.
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

// Pushes files that the kernel knows, because a listing has told of them, and that share
// a fragment block with one that is being read: who only lists a tree gets no content.
//
// Pushing is done in the course of answering: of small files before the reply, since
// whoever waits for it would have to wait for the next ones too, of a large one behind
// it, since what is asked for next is most likely elsewhere. To push is to wait where the
// kernel waits for the answer to a read of the same file, so only one thread does at a
// time, as a risk of its turn or without it, and there must be another one that answers.
// Safe to use from several threads.
class PageCachePusher {
 public:
  // All of them must outlive it.
  PageCachePusher(const image::Image& image, fuse_session& session, ReceiverToken& token)
      : image_(image), session_(session), token_(token) {}

  // These files in a directory are about to be told to the kernel.
  void on_entries_listed(fuse_ino_t directory, std::span<const SmallFile> files) {
    candidates_.on_entries_listed(directory, files);
  }

  // The directory's listing goes on, so what has been told the kernel knows by now.
  void on_listing_continued(fuse_ino_t directory);

  // The kernel waits for this file's content.
  void on_small_read(const SmallFile& file);

  // The kernel has been sent `size` bytes from `offset` on of a file that is not small.
  // If that is as little as only random reading asks for, the rest of the block follows,
  // as the kernel's own SquashFS does it: another read of the block costs no request
  // then. Where there is no memory for that, nothing follows.
  void on_large_read_sent(fuse_ino_t number, std::uint64_t offset, std::size_t size);

  // Gives back what memory it has; what has been told so far is not pushed any more.
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
