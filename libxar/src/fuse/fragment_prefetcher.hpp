// SPDX-License-Identifier: BSD-2-Clause
// Decompresses fragment blocks that will probably be read next, while the program works
// on what it has read. Writers pack small files in the order in which trees are read, so
// these are the neighbours of the block that was read. In large files the kernel itself
// reads ahead.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

namespace xar::fuse {

// Safe to use from several threads.
class FragmentPrefetcher {
 public:
  // `prefetch` decompresses the fragment block of that number, which need not exist.
  // Threads call it one after the other, never at the same time. It must not throw.
  explicit FragmentPrefetcher(std::function<void(std::uint32_t fragment)> prefetch);

  // To be called after the reply to a read of a file in this fragment block. If the block
  // was not read recently, prefetches the blocks around it, as long as enough of the
  // blocks prefetched so far were read. This thread does it, unless another thread is
  // prefetching already, which then continues with these. The remaining threads answer
  // requests.
  void on_fragment_read(std::uint32_t fragment);

 private:
  enum class State : std::uint8_t { kNone, kWanted, kPrepared, kRead };
  struct Known {
    std::uint32_t fragment = 0;
    State state = State::kNone;
  };

  bool is_news(std::uint32_t fragment);
  void want_around(std::uint32_t fragment);
  void want(std::uint32_t fragment);
  [[nodiscard]] std::optional<std::uint32_t> next();
  [[nodiscard]] Known* find(std::uint32_t fragment);
  void remember(const Known& known);

  const std::function<void(std::uint32_t)> prefetch_;
  std::mutex mutex_;
  std::array<Known, 128> latest_{};  // in a ring
  std::size_t latest_count_ = 0;
  bool is_preparing_ = false;  // a thread is, and will look for further wanted blocks
  unsigned credit_;
};

}  // namespace xar::fuse
