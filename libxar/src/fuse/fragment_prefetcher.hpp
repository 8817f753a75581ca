// SPDX-License-Identifier: BSD-2-Clause
// Decompresses what is likely to be wanted next while the program that wants it is busy
// with what it has. Writers pack small files in the order in which trees are read, so
// that is the fragment blocks beside the one being read; in large files the kernel reads
// ahead by itself.
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

  // A file in this fragment block has been read, and whoever waited for it has it. The
  // first time in a while, the blocks around that one are prepared, as long as a good
  // part of what was prepared so far has been wanted: in this thread, unless another one
  // is at that already, which then goes on with them. The others are there to answer.
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
  bool is_preparing_ = false;  // a thread is, which comes back for what is wanted
  unsigned credit_;
};

}  // namespace xar::fuse
