// SPDX-License-Identifier: BSD-2-Clause
// Owner, extended attributes, permissions and time of what has been written, in the
// order in which they do not undo each other.
#pragma once

#include <atomic>
#include <cstdint>

#include "extract/destination.hpp"
#include "extract/plan.hpp"

namespace xar::extract {

// Safe to use from several threads. Functions throw base::SystemError.
class Attributes {
 public:
  // `privileges` as in Options. Image and destination must outlive this.
  Attributes(const image::Image& image, const Destination& destination, bool privileges);

  // Of a regular file or directory, open as `fd`, which its owner may still write to.
  void set(int fd, const Item& item);

  // Of a symlink, device, pipe or socket in the directory `parent`.
  void set_at(int parent, const Item& item);

  // How many owners and extended attributes could not be set.
  [[nodiscard]] std::uint64_t owners_left_out() const { return owners_left_out_; }
  [[nodiscard]] std::uint64_t xattrs_left_out() const { return xattrs_left_out_; }

 private:
  [[nodiscard]] mode_t permissions(const Item& item, bool owned) const;
  bool note_owner(int result, const Item& item);
  // Calls `set` with each attribute's name and value; it returns as setxattr(2).
  template <typename Set>
  void set_xattrs(const Item& item, const Set& set);

  const image::Image& image_;
  const Destination& destination_;
  bool privileges_;
  bool gives_away_;  // may this process try to set owners?
  std::atomic<std::uint64_t> owners_left_out_ = 0;
  std::atomic<std::uint64_t> xattrs_left_out_ = 0;
};

}  // namespace xar::extract
