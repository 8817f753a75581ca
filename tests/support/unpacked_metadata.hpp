// SPDX-License-Identifier: BSD-2-Clause
// What a table of metadata blocks holds, read independently of what wrote it.
#pragma once

#include "xar/base/bytes.hpp"

namespace xar::test {

// The content of all metadata blocks in `table`, which has nothing else. Throws
// std::runtime_error if a block is damaged, or is not the last one and not full.
base::Bytes unpacked_metadata(base::ByteView table);

}  // namespace xar::test
