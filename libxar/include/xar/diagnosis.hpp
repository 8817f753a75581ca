// SPDX-License-Identifier: BSD-2-Clause
// What this machine allows: why a launch works here, or what it lacks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "xar/backend.hpp"

namespace xar::diagnosis {

// One thing that a launch may need.
struct Finding {
  std::string subject;  // "fusermount3"
  bool good = false;
  std::string what;  // what is so, in a few words
  std::string fix;   // what would make it good; empty if it is, or nothing would
};

struct Diagnosis {
  std::vector<Finding> findings;
  backend::Plan plan;  // what a launch would do
};

// Finds out what a launch by the calling user would do with `request`, by trying what can
// be tried in a process and namespaces that end at once, and why. Its archive takes
// `size` bytes unpacked, or 0 if that is not known. Makes nothing; to look at what is
// mounted is a use of it. The caller must have no other thread.
Diagnosis diagnose(const backend::Request& request, std::uint64_t size);

// What mounts for the caller where the backend fuse works: "mount(2)" or "fusermount3".
const char* mounter_in(const std::vector<Finding>& findings);

}  // namespace xar::diagnosis
