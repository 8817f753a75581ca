// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/page_cache_pusher.hpp"

#include <linux/fuse.h>
#include <sys/uio.h>

#include <new>
#include <vector>

#include "fuse/inode_number.hpp"
#include "fuse/reply.hpp"
#include "xar/image/serving.hpp"

namespace xar::fuse {
namespace {

// Bytes. When it reads ahead, the kernel asks for four pages or more.
constexpr std::size_t kMostAtRandom = 8192;

}  // namespace

void PageCachePusher::on_listing_continued(fuse_ino_t directory) {
  push(candidates_.on_listing_continued(directory));
}

void PageCachePusher::on_small_read(const SmallFile& file) {
  push(candidates_.on_small_read(file));
}

// While another thread pushes, these files are not pushed, and the kernel requests them.
void PageCachePusher::push(std::span<const fuse_ino_t> files) {
  if (files.empty()) return;
  const std::unique_lock lock(pushing_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  const ReceiverToken::BlockingSection section(token_);
  for (const fuse_ino_t number : files) push_one(number);
}

void PageCachePusher::push_one(fuse_ino_t number) const {
  store(number, 0, image_.block_size());
}

void PageCachePusher::on_large_read_sent(fuse_ino_t number, std::uint64_t offset,
                                         std::size_t size) try {
  if (size > kMostAtRandom) return;
  const std::uint64_t block_size = image_.block_size();
  const std::uint64_t begin = offset - offset % block_size;
  const std::uint64_t end = begin + block_size;
  const std::unique_lock lock(pushing_, std::try_to_lock);
  if (!lock.owns_lock() || !pushed_.add({number, begin})) return;
  // The program that has the reply may read the next page of the block at once.
  token_.pass();
  if (offset > begin) store(number, begin, offset - begin);
  if (offset + size < end) store(number, offset + size, end - offset - size);
} catch (const std::bad_alloc&) {
}

// As fuse_lowlevel_notify_store does, which copies the content once more. What fails here
// the kernel asks for, and is then told why.
void PageCachePusher::store(fuse_ino_t number, std::uint64_t offset,
                            std::size_t size) const {
  std::vector<image::Piece> pieces;
  const auto reference = to_reference(image_, number);
  if (image::Serving(image_).pieces(reference, offset, size, pieces) != 0) return;
  if (pieces.empty()) return;
  fuse_out_header header{};
  fuse_notify_store_out store{};
  std::vector<iovec> parts = {{&header, sizeof header}, {&store, sizeof store}};
  std::size_t total = 0;
  for (const image::Piece& piece : pieces) {
    parts.push_back(vector_of(piece));
    total += piece.bytes.size();
  }
  store.nodeid = number;
  store.offset = offset;
  store.size = static_cast<std::uint32_t>(total);
  header.error = FUSE_NOTIFY_STORE;
  header.len = static_cast<std::uint32_t>(sizeof header + sizeof store + total);
  static_cast<void>(
      ::writev(fuse_session_fd(&session_), parts.data(), static_cast<int>(parts.size())));
}

}  // namespace xar::fuse
