// SPDX-License-Identifier: BSD-2-Clause
// Notices that the file under an image has been written to while it is read: the two
// contents must not be mixed.
#pragma once

#include <ctime>

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

namespace xar::image {

// Safe to use from several threads.
class FileGuard {
 public:
  // Asked whether the file has its first content all the same.
  using Compare = std::function<bool()>;

  // Guards the file that is open as `fd`, which is borrowed, in its present state.
  explicit FileGuard(int fd);

  // Whether what has been read from the file until now is of its first content. Asks the
  // kernel for the file's size and times; calls `compare`, if it is not empty, where they
  // have changed. Without it, a change of size or modification time is one of content. A
  // file that has its first content again is intact again.
  [[nodiscard]] bool is_intact(const Compare& compare);

  // The size of the file when this was made.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Whether the latest answer was no.
  [[nodiscard]] bool has_changed() const;

 private:
  struct State {
    std::uint64_t size = 0;
    std::int64_t modified[2] = {};  // seconds, nanoseconds
    std::int64_t changed[2] = {};
    bool operator==(const State&) const = default;
  };

  [[nodiscard]] std::optional<State> look() const;
  [[nodiscard]] bool has_same_content(const State& state, const Compare& compare) const;

  int fd_;
  mutable std::mutex mutex_;
  State good_;                // the latest state with the first content
  std::optional<State> bad_;  // the latest without
  std::uint64_t size_;
};

}  // namespace xar::image
