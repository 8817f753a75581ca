// SPDX-License-Identifier: BSD-2-Clause
// The one use of zstd: a block in, and out either less than went in or nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "xar/base/bytes.hpp"

struct ZSTD_CCtx_s;

namespace xar::squashfs {

// Reused compression contexts; one such object a thread.
class Compressor {
 public:
  // For blocks of content of up to `block_size` bytes, at zstd's `level`.
  Compressor(int level, std::uint32_t block_size);

  // For metadata: every block is tried in full. `before_each` is called before each one;
  // what it throws reaches whoever has the block compressed.
  static Compressor for_metadata(int level, std::function<void()> before_each);

  // Whatever decides the result besides the content, for recognising it in later builds.
  static std::string recipe(int level, std::uint32_t block_size);

  // Compresses `block` into `out`, whose capacity is reused. False, with `out`
  // unspecified, if the result would not be smaller than the block, or content seems to
  // be compressed already: it is then to be stored as it is.
  bool compress(base::ByteView block, base::Bytes& out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  using Context = std::unique_ptr<ZSTD_CCtx_s, Free>;

  explicit Compressor(int level);

  // Whether a quick attempt saves anything. `out` is room to work in.
  bool is_worthwhile(base::ByteView block, base::Bytes& out);

  static Context context_of(int level);
  static bool run(ZSTD_CCtx_s& context, base::ByteView block, base::Bytes& out);

  std::function<void()> before_each_;
  Context context_;
  Context quick_;  // none: no probing
  Context thorough_;
};

}  // namespace xar::squashfs
