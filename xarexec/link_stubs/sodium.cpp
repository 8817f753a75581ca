// SPDX-License-Identifier: BSD-2-Clause
// Leaves out all algorithms of libsodium that nothing here calls.
#include <cstdlib>

// libsodium calls it where a program breaks a function's contract; its own aborts, too.
extern "C" void sodium_misuse() {
  std::abort();
}
