// SPDX-License-Identifier: BSD-2-Clause
#include "image/block_cache.hpp"

namespace xar::image {
namespace {

// What a block costs besides its content. Images may have blocks of one byte.
constexpr std::size_t kOverhead = 256;

std::size_t cost_of(const Block& block) {
  return block.content.size() + kOverhead;
}

}  // namespace

// Says that this thread loads a block, until it has or has failed. Created and
// destroyed with the mutex held; releases it in between.
class BlockCache::Loading {
 public:
  Loading(BlockCache& cache, std::unique_lock<std::mutex>& lock, std::uint64_t position)
      : cache_(cache), lock_(lock), position_(position) {
    cache_.loading_.insert(position_);
    lock_.unlock();
  }
  ~Loading() {
    if (!lock_.owns_lock()) lock_.lock();
    cache_.loading_.erase(position_);
    cache_.loaded_.notify_all();
  }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

 private:
  BlockCache& cache_;
  std::unique_lock<std::mutex>& lock_;
  std::uint64_t position_;
};

SharedBlock BlockCache::get(std::uint64_t position, const std::function<Block()>& load,
                            const std::function<void()>& before_waiting) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (SharedBlock block = find(position)) return block;
    if (!loading_.contains(position)) break;
    if (before_waiting) before_waiting();
    loaded_.wait(lock);
  }
  const Loading loading(*this, lock, position);
  auto block = std::make_shared<const Block>(load());
  lock.lock();
  keep(position, block);
  return block;
}

void BlockCache::clear() {
  const std::scoped_lock lock(mutex_);
  by_position_.clear();
  entries_.clear();
  size_ = 0;
}

SharedBlock BlockCache::find(std::uint64_t position) {
  const auto found = by_position_.find(position);
  if (found == by_position_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->block;
}

void BlockCache::keep(std::uint64_t position, const SharedBlock& block) {
  entries_.push_front({position, block});
  by_position_[position] = entries_.begin();
  size_ += cost_of(*block);
  while (size_ > capacity_) {
    const Entry& oldest = entries_.back();
    size_ -= cost_of(*oldest.block);
    by_position_.erase(oldest.position);
    entries_.pop_back();
  }
}

}  // namespace xar::image
