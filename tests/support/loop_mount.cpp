// SPDX-License-Identifier: BSD-2-Clause
#include "support/loop_mount.hpp"

#include <sys/mount.h>
#include <unistd.h>

#include <stdexcept>

#include "support/scratch.hpp"

namespace xar::test {

LoopMount::LoopMount(const std::filesystem::path& file, std::uint64_t offset,
                     const std::filesystem::path& point)
    : point_(point) {
  std::filesystem::create_directories(point);
  const Ran ran = shell("mount -t squashfs -o loop,ro,offset=" + std::to_string(offset) +
                        " " + quoted(file) + " " + quoted(point));
  if (ran.status != 0) throw std::runtime_error("mount: " + ran.output);
}

LoopMount::~LoopMount() {
  ::umount2(point_.c_str(), MNT_DETACH);
}

bool has_loop_mounts() {
  return ::geteuid() == 0 && ::access("/dev/loop-control", R_OK | W_OK) == 0;
}

}  // namespace xar::test
