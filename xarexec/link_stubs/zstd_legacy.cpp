// SPDX-License-Identifier: BSD-2-Clause
// Leaves out decoders of zstd's formats before the final one.
#include <cstddef>

// What libzstd calls for frames of its versions 0.5 to 0.7, which are older than SquashFS
// with zstd: an error, or no memory. A hostile image may have such frames.
#define XAR_WITHOUT_ZSTD(version)                                             \
  extern "C" {                                                                \
  void ZSTD##version##_findFrameSizeInfoLegacy(const void*, std::size_t,      \
                                               std::size_t* size,             \
                                               unsigned long long* content) { \
    *size = static_cast<std::size_t>(-1);                                     \
    *content = static_cast<unsigned long long>(-2);                           \
  }                                                                           \
  void* ZSTD##version##_createDCtx() {                                        \
    return nullptr;                                                           \
  }                                                                           \
  void* ZBUFF##version##_createDCtx() {                                       \
    return nullptr;                                                           \
  }                                                                           \
  std::size_t ZSTD##version##_freeDCtx(void*) {                               \
    return 0;                                                                 \
  }                                                                           \
  std::size_t ZBUFF##version##_freeDCtx(void*) {                              \
    return 0;                                                                 \
  }                                                                           \
  std::size_t ZSTD##version##_decompress_usingDict() {                        \
    return -std::size_t{1};                                                   \
  }                                                                           \
  std::size_t ZSTD##version##_getFrameParams() {                              \
    return -std::size_t{1};                                                   \
  }                                                                           \
  std::size_t ZBUFF##version##_decompressContinue() {                         \
    return -std::size_t{1};                                                   \
  }                                                                           \
  std::size_t ZBUFF##version##_decompressInitDictionary() {                   \
    return -std::size_t{1};                                                   \
  }                                                                           \
  }
XAR_WITHOUT_ZSTD(v05)
XAR_WITHOUT_ZSTD(v06)
XAR_WITHOUT_ZSTD(v07)
#undef XAR_WITHOUT_ZSTD
