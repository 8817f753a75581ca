// SPDX-License-Identifier: BSD-2-Clause
// What this machine allows: why a launch works here, or what it lacks.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "xar/header.hpp"
#include "xar/mount.hpp"

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
  bool works = false;
  std::string verdict;  // how a launch would mount and where, or why it would fail
};

// Finds out what a launch by the calling user would do with an archive of this header,
// by trying what can be tried in a process and namespaces that end at once; makes
// nothing, changes nothing. The caller must have no other thread.
Diagnosis diagnose(const header::Header& header, const mount::Surroundings& surroundings);

}  // namespace xar::diagnosis
