// SPDX-License-Identifier: BSD-2-Clause
// What can be known of a tree before a byte of it is written. Above all, that the
// format can hold it: nobody should learn of an odd date after an hour of packing.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "squashfs/packing_order.hpp"
#include "xar/base/entry_counts.hpp"
#include "xar/tree.hpp"

namespace xar::squashfs {

struct Survey {
  std::vector<PackedFile> files;    // regular ones, each once, in the order of paths
  base::EntryCounts entries;        // the root aside
  std::uint64_t content_bytes = 0;  // of `files`
};

// Goes through `tree`, whose inodes the result borrows, and calls `tick` for each name.
// Throws base::Error, naming the file, for what an image of `block_size` cannot hold, and
// what `tick` throws.
Survey survey(const tree::Tree& tree, std::uint32_t block_size,
              const std::function<void()>& tick);

}  // namespace xar::squashfs
