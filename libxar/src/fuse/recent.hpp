// SPDX-License-Identifier: BSD-2-Clause
// The values that were added last, for work that is not to be repeated at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace xar::fuse {

// Holds at most `capacity` values; a new one replaces the oldest. Not thread-safe.
template <typename T, std::size_t capacity>
class Recent {
 public:
  [[nodiscard]] bool contains(const T& value) const {
    const auto end = values_.begin() + std::min(added_, capacity);
    return std::find(values_.begin(), end, value) != end;
  }

  // Adds `value` and returns true, or returns false if it is here already.
  bool add(const T& value) {
    if (contains(value)) return false;
    values_[added_++ % capacity] = value;
    return true;
  }

 private:
  std::array<T, capacity> values_{};
  std::size_t added_ = 0;
};

}  // namespace xar::fuse
