// SPDX-License-Identifier: BSD-2-Clause
// Leaves out std::cout and the like. To set them up before main takes a sixth of the page
// faults of a launch on a live mount. Only <iostream>, which CLI11 includes, asks for
// them; what is printed here goes through stdio, and has to.
#include <ios>

#if _GLIBCXX_RELEASE >= 13

// <iostream> refers to it, to have the object that sets up the streams linked in.
namespace std {
void ios_base_library_init();
void ios_base_library_init() {}
}  // namespace std

#else

// <iostream> makes one of these in each source file that includes it.
std::ios_base::Init::Init() = default;
std::ios_base::Init::~Init() = default;

#endif
