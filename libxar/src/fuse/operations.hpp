// SPDX-License-Identifier: BSD-2-Clause
// The table of libfuse's operations: what the kernel may request of the file system.
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include <atomic>

#include "fuse/readdirplus_policy.hpp"
#include "xar/fuse.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

class FragmentPrefetcher;
class PageCachePusher;

// A session's user data, on which the operations work. Must outlive the session.
struct ServedImage {
  const image::Image& image;
  Activity& activity;
  const std::function<void()>& on_fault;  // may be empty
  ReaddirplusPolicy readdirplus_policy = {};
  // Null while only one thread answers, because pushing may block until another answers.
  PageCachePusher* pusher = nullptr;
  FragmentPrefetcher* prefetcher = nullptr;
  // Whether the kernel has been told that it needs no open and opendir.
  std::atomic<bool> no_open = false;
  std::atomic<bool> no_opendir = false;
};

// The table for a session whose user data is a ServedImage.
fuse_lowlevel_ops operations();

}  // namespace xar::fuse
