// SPDX-License-Identifier: BSD-2-Clause
// What a static link would drag in and a launcher never uses. Each function here is
// referred to by code that is needed, and its own definition stands in an object of a
// library that refers to much more: all of libsodium's algorithms, libfuse's high-level
// half with dlopen, a demangler, and decoders of zstd's formats before the final one.
// Defined here, they leave half a megabyte out, and two of them work that every launch
// would begin with and none needs.
#include <cstddef>
#include <cstdlib>
#include <ios>

extern "C" {

// libfuse calls it on the first request of a character device (CUSE), which the kernel
// never sends on a file system's /dev/fuse.
void cuse_lowlevel_init() {
  std::abort();
}

// glibc calls it before main to know what $ORIGIN means to dlopen(), which nothing here
// calls. Its own asks /proc for the path of this program, which takes as long as ten
// other system calls of a launch.
const char* _dl_get_origin() {
  return reinterpret_cast<const char*>(-1);
}

// libsodium calls it where a program breaks a function's contract; its own aborts, too.
void sodium_misuse() {
  std::abort();
}
}

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

// Sets up std::cout and the like before main, with a sixth of the page faults of a launch
// on a live mount. Only <iostream>, which CLI11 includes, asks for it; what is printed
// here goes through stdio, and has to.
std::ios_base::Init::Init() = default;
std::ios_base::Init::~Init() = default;

namespace __gnu_cxx {

// What no exception handler takes is a fault of ours: run_main takes every exception.
void __verbose_terminate_handler() {
  std::abort();
}

}  // namespace __gnu_cxx
