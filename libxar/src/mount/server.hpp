// SPDX-License-Identifier: BSD-2-Clause
// The life of a server process: it serves one mount, takes it away when it has
// been idle, and leaves when the kernel says that nobody is left.
#pragma once

#include <cstdint>
#include <filesystem>

#include "xar/base/fd.hpp"
#include "xar/fuse.hpp"
#include "xar/image.hpp"

namespace xar::mount {

// What a server is told.
struct Duty {
  std::filesystem::path archive;
  std::filesystem::path point;  // where its file system is mounted
  std::uint64_t device = 0;     // which file system that is, as device_at() tells
  std::uint32_t timeout = 0;    // idle seconds; 0: never idle
  fuse::Options options;
};

// Serves `image` on `fuse_device` until its mount is gone; the process's main
// function. Asked by SIGTERM, SIGINT or SIGHUP, it takes the mount away and goes on
// serving those who still use it. Returns the exit status.
int serve_until_unused(base::Fd fuse_device, const image::Image& image, const Duty& duty);

}  // namespace xar::mount
