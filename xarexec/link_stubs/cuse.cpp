// SPDX-License-Identifier: BSD-2-Clause
// Leaves out libfuse's high-level half, with dlopen().
#include <cstdlib>

// libfuse calls it on the first request of a character device (CUSE), which the kernel
// never sends on a file system's /dev/fuse.
extern "C" void cuse_lowlevel_init() {
  std::abort();
}
