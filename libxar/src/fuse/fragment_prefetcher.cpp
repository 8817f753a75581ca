// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/fragment_prefetcher.hpp"

#include <algorithm>
#include <utility>

namespace xar::fuse {
namespace {

// What a block costs to prepare, and what one earns that is wanted after it was prepared
// or, so that it can start again where that has changed, without. Where one in four is
// wanted it goes on, and where none is it does a sixteenth more work than needed.
constexpr unsigned kCost = 16;
constexpr unsigned kEarnedPrepared = 64;
constexpr unsigned kEarnedOtherwise = 1;
constexpr unsigned kFirstCredit = 256;
constexpr unsigned kMostCredit = 1024;

}  // namespace

FragmentPrefetcher::FragmentPrefetcher(std::function<void(std::uint32_t)> prefetch)
    : prefetch_(std::move(prefetch)), credit_(kFirstCredit) {}

void FragmentPrefetcher::on_fragment_read(std::uint32_t fragment) {
  {
    const std::scoped_lock lock(mutex_);
    if (!is_news(fragment)) return;
    want_around(fragment);
    if (std::exchange(is_preparing_, true)) return;
  }
  while (const auto wanted = next()) prefetch_(*wanted);
}

// Whether the block has not been read of late, as it is from now on.
bool FragmentPrefetcher::is_news(std::uint32_t fragment) {
  Known* const known = find(fragment);
  if (known != nullptr && known->state == State::kRead) return false;
  const unsigned earned = known != nullptr ? kEarnedPrepared : kEarnedOtherwise;
  credit_ = std::min(credit_ + earned, kMostCredit);
  if (known != nullptr) {
    known->state = State::kRead;
  } else {
    remember({fragment, State::kRead});
  }
  return true;
}

// The one that is most likely to be wanted last, which is then prepared first: trees are
// read forwards, and what an interpreter reads depends on what is near.
void FragmentPrefetcher::want_around(std::uint32_t fragment) {
  want(fragment + 2);
  if (fragment > 0) want(fragment - 1);
  want(fragment + 1);
}

// The image need not have it.
void FragmentPrefetcher::want(std::uint32_t fragment) {
  if (credit_ < kCost || find(fragment) != nullptr) return;
  credit_ -= kCost;
  remember({fragment, State::kWanted});
}

std::optional<std::uint32_t> FragmentPrefetcher::next() {
  const std::scoped_lock lock(mutex_);
  for (std::size_t back = 1; back <= latest_.size(); ++back) {
    Known& known = latest_[(latest_count_ - back) % latest_.size()];
    if (known.state != State::kWanted) continue;
    known.state = State::kPrepared;
    return known.fragment;
  }
  is_preparing_ = false;
  return std::nullopt;
}

FragmentPrefetcher::Known* FragmentPrefetcher::find(std::uint32_t fragment) {
  const auto found = std::ranges::find_if(latest_, [fragment](const Known& known) {
    return known.state != State::kNone && known.fragment == fragment;
  });
  return found == latest_.end() ? nullptr : &*found;
}

void FragmentPrefetcher::remember(const Known& known) {
  latest_[latest_count_++ % latest_.size()] = known;
}

}  // namespace xar::fuse
