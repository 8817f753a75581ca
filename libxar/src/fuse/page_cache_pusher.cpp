// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/page_cache_pusher.hpp"

#include <linux/fuse.h>
#include <sys/uio.h>

#include <algorithm>
#include <new>
#include <utility>

#include "fuse/inode_number.hpp"
#include "fuse/reply.hpp"

namespace xar::fuse {
namespace {

// Files remembered at most; what is beyond is forgotten, and asked for.
constexpr std::size_t kMostKnown = 50'000;

// Listings that are likely to be under way at once.
constexpr std::size_t kMostListings = 16;

// Nobody is kept waiting for more than this many files.
constexpr std::size_t kMostPushed = 64;

// Bytes. Reading prefetcher, the kernel asks for four pages and more.
constexpr std::size_t kMostAtRandom = 8192;

}  // namespace

void PageCachePusher::on_entries_listed(fuse_ino_t directory,
                                        std::span<const SmallFile> files) {
  if (files.empty()) return;
  const std::scoped_lock lock(mutex_);
  listing_.push_back({directory, {files.begin(), files.end()}});
  if (listing_.size() > kMostListings) listing_.pop_front();
}

void PageCachePusher::on_listing_continued(fuse_ino_t directory) {
  const std::vector<fuse_ino_t> files = take_listed(directory);
  push(files);
}

void PageCachePusher::on_small_read(const SmallFile& file) {
  const std::vector<fuse_ino_t> files = take_neighbours(file);
  push(files);
}

void PageCachePusher::clear() {
  const std::scoped_lock lock(mutex_);
  listing_.clear();
  std::unordered_map<std::uint32_t, std::vector<fuse_ino_t>>().swap(known_);
  known_count_ = 0;
}

// What is to be pushed of a listing; the rest is kept until a neighbour is read.
std::vector<fuse_ino_t> PageCachePusher::take_listed(fuse_ino_t directory) {
  std::vector<fuse_ino_t> wanted;
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(
      listing_.begin(), listing_.end(),
      [directory](const Listed& listed) { return listed.directory == directory; });
  if (found == listing_.end()) return wanted;
  if (known_count_ > kMostKnown) {
    known_.clear();
    known_count_ = 0;
  }
  for (const SmallFile& file : found->files) {
    if (is_warm(file.fragment) && wanted.size() < kMostPushed) {
      wanted.push_back(file.number);
    } else {
      known_[file.fragment].push_back(file.number);
      ++known_count_;
    }
  }
  listing_.erase(found);
  return wanted;
}

std::vector<fuse_ino_t> PageCachePusher::take_neighbours(const SmallFile& file) {
  const std::scoped_lock lock(mutex_);
  warm(file.fragment);
  const auto found = known_.find(file.fragment);
  if (found == known_.end()) return {};
  std::vector<fuse_ino_t> wanted = std::move(found->second);
  known_count_ -= wanted.size();
  known_.erase(found);
  std::erase(wanted, file.number);
  if (wanted.size() > kMostPushed) {
    known_[file.fragment].assign(wanted.begin() + kMostPushed, wanted.end());
    known_count_ += wanted.size() - kMostPushed;
    wanted.resize(kMostPushed);
  }
  return wanted;
}

void PageCachePusher::warm(std::uint32_t fragment) {
  if (!is_warm(fragment)) warm_[warm_count_++ % warm_.size()] = fragment;
}

bool PageCachePusher::is_warm(std::uint32_t fragment) const {
  const auto end =
      warm_.begin() + static_cast<std::ptrdiff_t>(std::min(warm_count_, warm_.size()));
  return std::find(warm_.begin(), end, fragment) != end;
}

// Files that another thread keeps from being pushed are asked for in their time.
void PageCachePusher::push(std::span<const fuse_ino_t> files) {
  if (files.empty()) return;
  const std::unique_lock lock(pushing_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  const ReceiverToken::BlockingSection risk(token_);
  for (const fuse_ino_t number : files) push_one(number);
}

void PageCachePusher::push_one(fuse_ino_t number) const {
  store(number, 0, image_.block_size());
}

// Whether this block of a large file was one of the last; it is from now on.
bool PageCachePusher::was_pushed(fuse_ino_t number, std::uint64_t block) {
  const std::pair wanted(number, block);
  if (std::find(pushed_.begin(), pushed_.end(), wanted) != pushed_.end()) return true;
  pushed_[pushed_count_++ % pushed_.size()] = wanted;
  return false;
}

void PageCachePusher::on_large_read_sent(fuse_ino_t number, std::uint64_t offset,
                                         std::size_t size) try {
  if (size > kMostAtRandom) return;
  const std::uint64_t block_size = image_.block_size();
  const std::uint64_t begin = offset - offset % block_size;
  const std::uint64_t end = begin + block_size;
  const std::unique_lock lock(pushing_, std::try_to_lock);
  if (!lock.owns_lock() || was_pushed(number, begin)) return;
  // Whoever has the reply may ask for the next page of the block at once.
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
  if (image_.pieces(reference, offset, size, pieces) != 0) return;
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
