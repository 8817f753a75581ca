// SPDX-License-Identifier: BSD-2-Clause
// Ownership of file descriptors. Across the whole project a parameter `int fd`
// is borrowed and an `Fd` is owned, so no descriptor is closed twice or leaked.
#pragma once

#include <utility>

namespace xar::base {

// Owns one file descriptor and closes it. Not thread-safe, like any value.
class Fd {
 public:
  Fd() = default;
  // Takes ownership of `fd`; a negative number owns nothing.
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  explicit operator bool() const noexcept { return fd_ >= 0; }

  // The descriptor, still owned here; -1 where nothing is owned.
  [[nodiscard]] int get() const noexcept { return fd_; }

  // Gives the descriptor up to the caller, who closes it.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  // Closes what is owned, if anything, and owns `fd` from now on. Ignores errors
  // of close(2) and keeps errno: where they matter, AtomicFile reports them.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

}  // namespace xar::base
