// SPDX-License-Identifier: BSD-2-Clause
// What this machine allows: why a launch works here, or what it lacks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xar/backend.hpp"
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

// What is to be launched, and where.
struct Question {
  const header::Header& header;
  const mount::Surroundings& surroundings;
  std::filesystem::path cache;        // for unpacked archives; empty: none
  std::optional<backend::Rung> rung;  // this one only
  // The archive, if it is one in particular: what of it is mounted or unpacked already is
  // looked at, which is a use of it.
  const mount::Archive* archive = nullptr;
  std::uint64_t size = 0;  // bytes that it takes on a disk; 0: not known
  bool executes = true;    // whether what is in it has to be executable
};

struct Diagnosis {
  std::vector<Finding> findings;
  // Why a launch would not take the rungs before the one that it takes, a line each.
  std::vector<std::string> passed_over;
  bool works = false;
  std::string verdict;  // what a launch would do and where, or that it would fail
};

// Finds out what a launch by the calling user would do, by trying what can be tried in a
// process and namespaces that end at once; makes nothing. The caller must have no other
// thread.
Diagnosis diagnose(const Question& question);

}  // namespace xar::diagnosis
