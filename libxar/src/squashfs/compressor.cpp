// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/compressor.hpp"

// For the parameters that a level stands for at a given block size.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <new>
#include <string>

#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

// What the probe compresses with, and the level below which it is not worth its time.
constexpr int kQuickLevel = 1;
constexpr int kLeastLevelToProbe = 5;

// The probe looks into this many places of a block, so many bytes each.
constexpr std::size_t kSamples = 4;
constexpr std::size_t kSampleSize = 4096;

void set(ZSTD_CCtx_s& context, ZSTD_cParameter parameter, unsigned value) {
  ZSTD_CCtx_setParameter(&context, parameter, static_cast<int>(value));
}

// Levels of the strategy btopt search twice as far as pays within a block, where all is
// near: a match of 28 bytes is good enough, and tables need not be larger than the block.
// Measured at 128 KiB in docs/packing.md: a fifth less time for less than one hundredth
// more bytes.
void spare_effort(ZSTD_CCtx_s& context, int level, std::uint32_t block_size) {
  const ZSTD_compressionParameters usual = ZSTD_getCParams(level, block_size, 0);
  if (usual.strategy != ZSTD_btopt) return;
  set(context, ZSTD_c_chainLog, std::min(usual.chainLog, usual.windowLog));
  set(context, ZSTD_c_hashLog, std::min(usual.hashLog, usual.windowLog - 1));
  set(context, ZSTD_c_searchLog, std::min(usual.searchLog, 4U));
  set(context, ZSTD_c_targetLength, std::min(usual.targetLength, 28U));
}

}  // namespace

Compressor::Compressor(int level) : context_(context_of(level)) {}

Compressor::Compressor(int level, std::uint32_t block_size) : Compressor(level) {
  spare_effort(*context_, level, block_size);
  if (level >= kLeastLevelToProbe) quick_ = context_of(kQuickLevel);
}

Compressor Compressor::for_metadata(int level) {
  return Compressor(level);
}

bool Compressor::compress(base::ByteView block, base::Bytes& out) {
  if (block.empty()) return false;
  if (!quick_) return run(*context_, block, out);
  switch (probe(block, out)) {
    case Outlook::kNone:
      return false;
    case Outlook::kSlight:
      return true;  // and the probe's result is it
    case Outlook::kGood:
      break;
  }
  return run(*context_, block, out);
}

// Samples first: most blocks compress, and are to cost next to nothing here. Where the
// samples do not, the whole block is tried, which is quick with content that is
// compressed already: zstd strides over what has no matches.
Compressor::Outlook Compressor::probe(base::ByteView block, base::Bytes& out) {
  const std::size_t stride = block.size() / kSamples;
  std::size_t sampled = 0;
  std::size_t packed = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const auto sample =
        block.subspan(i * stride, std::min<std::size_t>(stride, kSampleSize));
    sampled += sample.size();
    packed += run(*quick_, sample, out) ? out.size() : sample.size();
  }
  if (packed < sampled / 20 * 19) return Outlook::kGood;
  if (!run(*quick_, block, out)) return Outlook::kNone;
  return out.size() < block.size() / 100 * 97 ? Outlook::kGood : Outlook::kSlight;
}

Compressor::Context Compressor::context_of(int level) {
  Context context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  return context;
}

bool Compressor::run(ZSTD_CCtx_s& context, base::ByteView block, base::Bytes& out) {
  if (block.empty()) return false;
  // Room for one byte less than went in makes zstd give up early on what does not
  // compress.
  out.resize(block.size() - 1);
  const std::size_t size =
      ZSTD_compress2(&context, out.data(), out.size(), block.data(), block.size());
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
