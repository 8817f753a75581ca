// SPDX-License-Identifier: BSD-2-Clause
// What the kernel demands of an image's tables before it mounts it, beyond what reading
// them takes: a verification is to find what it would refuse.
#pragma once

#include "image/block_store.hpp"

namespace xar::image {

// Throws Failure if the lists of the tables' blocks are not one behind the other, or the
// blocks not in front of their list in ascending order.
void check_tables(const BlockStore& store);

}  // namespace xar::image
