// SPDX-License-Identifier: BSD-2-Clause
// The one use of zstd: a block in, and out either less than went in or nothing.
#pragma once

#include <memory>

#include "xar/base/bytes.hpp"

struct ZSTD_CCtx_s;

namespace xar::squashfs {

// A reused compression context; one a thread.
class Compressor {
 public:
  // `level` is zstd's.
  explicit Compressor(int level);

  // Compresses `block` into `out`, whose capacity is reused. False, with `out`
  // unspecified, if the result would not be smaller than the block: it is then to
  // be stored as it is.
  bool compress(base::ByteView block, base::Bytes& out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

}  // namespace xar::squashfs
