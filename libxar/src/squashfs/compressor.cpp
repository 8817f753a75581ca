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

// What the probe compresses with: its first attempt, and the second where the first has
// failed. The latter finds matches of three bytes, as the levels above it do; it costs a
// tenth of their time.
constexpr int kQuickLevel = 1;
constexpr int kThoroughLevel = 5;
// Below, an attempt in full is as quick as the probe.
constexpr int kLeastLevelToProbe = 10;

// The probe looks into this many places of a block, so many bytes each.
constexpr std::size_t kSamples = 4;
constexpr std::size_t kSampleSize = 4096;

void set(ZSTD_CCtx_s& context, ZSTD_cParameter parameter, unsigned value) {
  ZSTD_CCtx_setParameter(&context, parameter, static_cast<int>(value));
}

// Levels of the strategy btopt search farther than pays within a block, where all is
// near: a match of 64 bytes is good enough, and tables need not be larger than the block.
// Measured at 128 KiB in docs/packing.md: a tenth less time for a seven hundredth more
// bytes.
void spare_effort(ZSTD_CCtx_s& context, int level, std::uint32_t block_size) {
  const ZSTD_compressionParameters usual = ZSTD_getCParams(level, block_size, 0);
  if (usual.strategy != ZSTD_btopt) return;
  set(context, ZSTD_c_chainLog, std::min(usual.chainLog, usual.windowLog));
  set(context, ZSTD_c_hashLog, std::min(usual.hashLog, usual.windowLog - 1));
  set(context, ZSTD_c_searchLog, std::min(usual.searchLog, 5U));
  set(context, ZSTD_c_targetLength, std::min(usual.targetLength, 64U));
}

}  // namespace

Compressor::Compressor(int level) : context_(context_of(level)) {}

Compressor::Compressor(int level, std::uint32_t block_size) : Compressor(level) {
  spare_effort(*context_, level, block_size);
  if (level < kLeastLevelToProbe) return;
  quick_ = context_of(kQuickLevel);
  thorough_ = context_of(kThoroughLevel);
}

std::string Compressor::recipe(int level, std::uint32_t block_size) {
  // Counts the changes to this file that make other bytes of the same block.
  constexpr int kOurPart = 1;
  return "zstd " + std::to_string(ZSTD_versionNumber()) + " level " +
         std::to_string(level) + " block size " + std::to_string(block_size) + " ours " +
         std::to_string(kOurPart);
}

Compressor Compressor::for_metadata(int level, std::function<void()> before_each) {
  Compressor compressor(level);
  compressor.before_each_ = std::move(before_each);
  return compressor;
}

bool Compressor::compress(base::ByteView block, base::Bytes& out) {
  if (before_each_) before_each_();
  if (block.empty()) return false;
  if (quick_ && !is_worthwhile(block, out)) return false;
  return run(*context_, block, out);
}

// Samples first: most blocks compress, and are to cost next to nothing here. Where the
// samples do not, the whole block is tried, which is quick with content that is
// compressed already: zstd strides over what has no matches.
bool Compressor::is_worthwhile(base::ByteView block, base::Bytes& out) {
  const std::size_t stride = block.size() / kSamples;
  std::size_t sampled = 0;
  std::size_t packed = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const auto sample =
        block.subspan(i * stride, std::min<std::size_t>(stride, kSampleSize));
    sampled += sample.size();
    packed += run(*quick_, sample, out) ? out.size() : sample.size();
  }
  return packed < sampled / 20 * 19 || run(*thorough_, block, out);
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
