// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes. Inodes that have the same ones share a set of them, and equal
// values may be stored once and be pointed to.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/lookup_table.hpp"

namespace xar::image {

// Unchanging once read, so safe to use from several threads. The reading functions
// throw Failure if the image is corrupt; `index` is that of an inode, which may be
// SQUASHFS_INVALID_XATTR.
class XattrTable {
 public:
  // The store must outlive the table. Throws Error if the table is damaged.
  explicit XattrTable(const BlockStore& store);

  // Whether the image has no extended attributes at all.
  [[nodiscard]] bool empty() const { return count_ == 0; }

  // The names in a set. Throws Failure(E2BIG) if they exceed what listxattr(2) can
  // tell, which also bounds the work that an image can make.
  [[nodiscard]] std::vector<std::string> names(std::uint32_t index) const;

  // Passes each attribute and its value to `visit`, until it returns false. Throws
  // Failure(E2BIG) as names().
  void visit_all(std::uint32_t index,
                 const std::function<bool(const std::string& name,
                                          std::string_view value)>& visit) const;

  // The value of `name` in a set, if it is there.
  [[nodiscard]] std::optional<std::string> value(std::uint32_t index,
                                                 std::string_view name) const;

 private:
  [[nodiscard]] std::string read_value(MetadataCursor in, bool elsewhere) const;

  struct Set {
    MetadataCursor first;
    std::uint32_t count = 0;
  };

  [[nodiscard]] Set set(std::uint32_t index) const;
  [[nodiscard]] MetadataCursor at(std::uint64_t reference) const;
  template <typename Visit>
  void visit(std::uint32_t index, Visit visit) const;

  const BlockStore* store_;
  std::uint64_t values_start_ = 0;
  std::uint32_t count_ = 0;
  std::optional<LookupTable> sets_;
};

}  // namespace xar::image
