// SPDX-License-Identifier: BSD-2-Clause
// The token of the thread that receives. One thread at a time receives requests from the
// kernel, and answers the quick ones itself before it receives the next: handing each to
// another thread would take longer than most answers do.
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
  // Waits until this thread has the token. Returns false after end().
  bool take();

  // Gives the token up, if this thread has it, because its answer takes long: another
  // thread receives from here on.
  void pass();

  [[nodiscard]] bool is_mine() const { return holder_ == std::this_thread::get_id(); }

  // From here on, no thread gets the token.
  void end();

  // A section that may block until another request is answered. A thread that does not
  // leave it in time loses the token. At most one thread at a time may be in a section
  // while it has the token; a section that was begun without it has no effect.
  class BlockingSection {
   public:
    explicit BlockingSection(ReceiverToken& token);
    ~BlockingSection();
    BlockingSection(const BlockingSection&) = delete;
    BlockingSection& operator=(const BlockingSection&) = delete;

   private:
    ReceiverToken& token_;
    const bool real_;  // whether the thread had the token at the beginning
  };

 private:
  [[nodiscard]] bool is_free() const;
  void sleep(std::unique_lock<std::mutex>& lock);
  bool watch(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::thread::id> holder_{};  // the default: no thread
  bool ended_ = false;
  bool watched_ = false;  // a thread watches whether the section ends
  // Beginnings and ends of sections: odd inside of one.
  std::atomic<std::uint64_t> sections_{0};
};

}  // namespace xar::fuse
