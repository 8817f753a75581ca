// SPDX-License-Identifier: BSD-2-Clause
// The kernel's own SquashFS, as the reference reader.
#pragma once

#include <cstdint>
#include <filesystem>

#include "support/scratch.hpp"

namespace xar::test {

// An image mounted through a loop device; the destructor takes both away.
class LoopMount {
 public:
  // Throws std::runtime_error if the kernel refuses; needs root.
  LoopMount(const std::filesystem::path& file, std::uint64_t offset,
            const std::filesystem::path& point);
  ~LoopMount();
  LoopMount(const LoopMount&) = delete;
  LoopMount& operator=(const LoopMount&) = delete;

 private:
  std::filesystem::path point_;
};

// Whether loop mounts work here: root, a loop device and the kernel's squashfs.
bool has_loop_mounts();

}  // namespace xar::test

// As XAR_NEEDS_FUSE, for the kernel's own SquashFS.
#define XAR_NEEDS_LOOP_MOUNTS()           \
  XAR_NEEDS(xar::test::has_loop_mounts(), \
            "no loop mounts: they need root and a loop device")
