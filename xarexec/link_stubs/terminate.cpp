// SPDX-License-Identifier: BSD-2-Clause
// Leaves out a demangler.
#include <cstdlib>

namespace __gnu_cxx {

// What no exception handler takes is a fault of ours: run_main takes every exception.
void __verbose_terminate_handler();
void __verbose_terminate_handler() {
  std::abort();
}

}  // namespace __gnu_cxx
