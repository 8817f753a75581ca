// SPDX-License-Identifier: BSD-2-Clause
// Gives the kernel the content of small files before it asks. Reading a tree is one
// request a file otherwise, and a request costs more than the file does: two switches
// between processes, while the content lies decompressed beside its neighbours'. So does
// the rest of a block of a large file that is read at random.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fuse/operations.hpp"
#include "fuse/receiver_token.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

// A small regular file: the kernel's number for it, and the fragment block in which
// all of its content is.
struct SmallFile {
  fuse_ino_t number = 0;
  std::uint32_t fragment = 0;
};

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
  void on_entries_listed(fuse_ino_t directory, std::span<const SmallFile> files);

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
  void clear();

 private:
  struct Listed {
    fuse_ino_t directory = 0;
    std::vector<SmallFile> files;
  };

  [[nodiscard]] std::vector<fuse_ino_t> take_listed(fuse_ino_t directory);
  [[nodiscard]] std::vector<fuse_ino_t> take_neighbours(const SmallFile& file);
  void warm(std::uint32_t fragment);
  [[nodiscard]] bool is_warm(std::uint32_t fragment) const;
  void push(std::span<const fuse_ino_t> files);
  void push_one(fuse_ino_t number) const;
  void store(fuse_ino_t number, std::uint64_t offset, std::size_t size) const;
  [[nodiscard]] bool was_pushed(fuse_ino_t number, std::uint64_t block);

  const image::Image& image_;
  fuse_session& session_;
  ReceiverToken& token_;

  std::mutex mutex_;            // for what is remembered
  std::deque<Listed> listing_;  // told, the kernel may not have received it yet
  std::unordered_map<std::uint32_t, std::vector<fuse_ino_t>> known_;  // by fragment
  std::size_t known_count_ = 0;
  std::array<std::uint32_t, 32> warm_{};  // the fragment blocks read last, in a ring
  std::size_t warm_count_ = 0;

  std::mutex pushing_;  // held by the thread that pushes
  // That thread's: the blocks of large files pushed last, in a ring.
  std::array<std::pair<fuse_ino_t, std::uint64_t>, 32> pushed_{};
  std::size_t pushed_count_ = 0;
};

}  // namespace xar::fuse
