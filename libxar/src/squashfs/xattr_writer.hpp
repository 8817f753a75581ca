// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes: each set of them once, and inodes name the set by its index.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "squashfs/compressor.hpp"
#include "squashfs/output.hpp"
#include "xar/tree.hpp"

namespace xar::squashfs {

class XattrWriter {
 public:
  // The index of a set of attributes, which is added if it is new;
  // format::kNoXattrs for none. Throws base::Error for an attribute that the format
  // cannot hold.
  std::uint32_t index_of(const std::vector<tree::Xattr>& xattrs);

  [[nodiscard]] bool empty() const { return sets_.empty(); }

  // Writes the sets and the table of them. Returns the table's position, which is
  // what the superblock wants.
  std::uint64_t write(Output& output, Compressor& compressor) const;

 private:
  struct Set {
    base::Bytes bytes;
    std::uint32_t count = 0;
  };

  std::vector<Set> sets_;
  std::unordered_map<std::string, std::uint32_t> indexes_;  // by a set's bytes
};

}  // namespace xar::squashfs
