// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/compressor.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <new>
#include <string>

#include "xar/base/error.hpp"

namespace xar::squashfs {

Compressor::Compressor(int level) : context_(ZSTD_createCCtx()) {
  if (!context_) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
}

bool Compressor::compress(base::ByteView block, base::Bytes& out) {
  if (block.empty()) return false;
  // Room for one byte less than went in makes zstd give up early on what does not
  // compress.
  out.resize(block.size() - 1);
  const std::size_t size =
      ZSTD_compress2(context_.get(), out.data(), out.size(), block.data(), block.size());
  if (ZSTD_isError(size) == 0) {
    out.resize(size);
    return true;
  }
  if (ZSTD_getErrorCode(size) == ZSTD_error_dstSize_tooSmall) return false;
  if (ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation) throw std::bad_alloc();
  throw base::Error("zstd failed: " + std::string(ZSTD_getErrorName(size)));
}

void Compressor::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

}  // namespace xar::squashfs
