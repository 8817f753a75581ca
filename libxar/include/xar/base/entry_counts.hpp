// SPDX-License-Identifier: BSD-2-Clause
// How many names of which kind a tree has: counted, and said, in the same way by all that
// makes, reads and checks one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace xar::base {

struct EntryCounts {
  std::uint64_t files = 0;  // regular ones, each name of one that has several
  std::uint64_t directories = 0;
  std::uint64_t symlinks = 0;
  std::uint64_t others = 0;  // devices, sockets and pipes

  // Counts a name of a file whose type is in `mode`, as stat gives it.
  void add(mode_t mode) noexcept;

  bool operator==(const EntryCounts&) const = default;
};

// "2 files, 1 directory", with the other kinds where there are some.
std::string shown(const EntryCounts& counts);

}  // namespace xar::base
