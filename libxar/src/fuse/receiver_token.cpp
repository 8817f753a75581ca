// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/receiver_token.hpp"

#include <chrono>

namespace xar::fuse {
namespace {

// Far longer than a section takes that does not block, and short enough to wait for.
constexpr std::chrono::milliseconds kPatience{5};

// The watching thread sleeps after so many looks without a section. Waking it takes time
// of the thread that begins one.
constexpr int kLooks = 40;

}  // namespace

bool ReceiverToken::take() {
  std::unique_lock lock(mutex_);
  while (!ended_ && holder_.load() != std::thread::id()) {
    if (watched_ || !watch(lock)) sleep(lock);
  }
  if (!ended_) holder_ = std::this_thread::get_id();
  return !ended_;
}

bool ReceiverToken::is_free() const {
  return ended_ || holder_.load() == std::thread::id();
}

// Until the token is free, or a section has begun that no thread watches.
void ReceiverToken::sleep(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return is_free() || (!watched_ && sections_ % 2 != 0); });
}

// Watches sections, and takes the token from a thread that stays in one. Returns whether
// the token is free; false also if there was no section for a while.
bool ReceiverToken::watch(std::unique_lock<std::mutex>& lock) {
  watched_ = true;
  std::uint64_t seen = sections_;
  int looks = 0;
  bool free = false;
  while (looks < kLooks && !(free = is_free())) {
    if (changed_.wait_for(lock, kPatience, [this] { return is_free(); })) continue;
    const std::uint64_t now = sections_;
    if (now == seen && now % 2 != 0) holder_ = std::thread::id();
    looks = now == seen ? looks + 1 : 0;
    seen = now;
  }
  watched_ = false;
  return free;
}

void ReceiverToken::pass() {
  if (!is_mine()) return;
  {
    const std::scoped_lock lock(mutex_);
    if (is_mine()) holder_ = std::thread::id();
  }
  changed_.notify_one();
}

void ReceiverToken::end() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

ReceiverToken::BlockingSection::BlockingSection(ReceiverToken& token)
    : token_(token), real_(token.is_mine()) {
  if (!real_) return;
  ++token_.sections_;
  const std::scoped_lock lock(token_.mutex_);
  if (!token_.watched_) token_.changed_.notify_one();
}

ReceiverToken::BlockingSection::~BlockingSection() {
  if (real_) ++token_.sections_;
}

}  // namespace xar::fuse
