// SPDX-License-Identifier: BSD-2-Clause
// Finds out what this machine allows: why a launch works, or what is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "xar/backend.hpp"

namespace xar::diagnosis {

// Something that a launch may need.
struct Finding {
  std::string subject;  // "fusermount3"
  bool good = false;
  std::string what;  // the state, in a few words
  std::string fix;   // what would make it good; empty if it is good, or nothing would
};

struct Diagnosis {
  std::vector<Finding> findings;
  backend::Plan plan;  // what a launch would do
};

// Finds out what a launch by the calling user would do with `request`, and why. Makes
// trial mounts in a process and namespaces that end at once. `size` is the archive's
// unpacked size in bytes, or 0 if unknown. Leaves nothing, but counts as a use of an
// existing mount. The calling process must have no other thread.
Diagnosis diagnose(const backend::Request& request, std::uint64_t size);

// Returns what mounts for the caller if the backend fuse works: "mount(2)" or
// "fusermount3".
const char* mounter_in(const std::vector<Finding>& findings);

}  // namespace xar::diagnosis
