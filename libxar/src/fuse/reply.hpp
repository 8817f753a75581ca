// SPDX-License-Identifier: BSD-2-Clause
// File content on its way to the kernel, without a copy of ours in between.
#pragma once

#include <sys/uio.h>

#include "xar/image/serving.hpp"

namespace xar::fuse {

// `piece` as writev(2) takes it, which only reads the memory.
inline iovec vector_of(const image::Piece& piece) {
  return {const_cast<std::byte*>(piece.bytes.data()), piece.bytes.size()};
}

}  // namespace xar::fuse
