// SPDX-License-Identifier: BSD-2-Clause
// Files in memory, for what reads and writes descriptors.
#pragma once

#include "xar/base/bytes.hpp"
#include "xar/base/fd.hpp"

namespace xar::test {

// A new file without a name that has this content, open for reading and writing. Throws
// std::runtime_error.
base::Fd memory_file(base::ByteView content = {});

// The whole content of the open file `fd`. Throws std::runtime_error.
base::Bytes content_of(int fd);

}  // namespace xar::test
