// SPDX-License-Identifier: BSD-2-Clause
// Whose turn it is to receive. One thread at a time takes requests from the kernel, and
// answers the quick ones itself before it takes the next: to hand each to another thread
// would cost the kernel, and so the caller, more than most answers do.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace xar::fuse {

// Safe to use from several threads.
class ReceiverToken {
 public:
  // Waits until it is this thread's turn; false if it will not be any more.
  bool take();

  // Lets another thread take requests from here on, if this one does: what it has at hand
  // takes long.
  void pass();

  [[nodiscard]] bool is_mine() const { return holder_ == std::this_thread::get_id(); }

  // Nobody gets a turn from here on.
  void end();

  // Work in the course of an answer that can have to wait for another answer: the turn
  // is taken away from a thread that does not come out of it. At most one thread at a
  // time may be in one while the turn is its own; a section that was begun without counts
  // for nothing.
  class BlockingSection {
   public:
    explicit BlockingSection(ReceiverToken& token);
    ~BlockingSection();
    BlockingSection(const BlockingSection&) = delete;
    BlockingSection& operator=(const BlockingSection&) = delete;

   private:
    ReceiverToken& token_;
    const bool real_;  // nobody waits for a thread whose turn it is not
  };

 private:
  [[nodiscard]] bool is_free() const;
  void sleep(std::unique_lock<std::mutex>& lock);
  bool guard(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::thread::id> holder_{};  // nobody's: the default
  bool ended_ = false;
  bool guarded_ = false;                 // a thread looks whether risks come to an end
  std::atomic<std::uint64_t> risks_{0};  // begun and ended: odd while one is run
};

}  // namespace xar::fuse
