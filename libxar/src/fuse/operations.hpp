// SPDX-License-Identifier: BSD-2-Clause
// What the kernel may ask of the file system, as libfuse wants it: one table.
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

// What the operations work on: a session's user data. Must outlive the session.
struct ServedImage {
  const image::Image& image;
  Activity& activity;
  const std::function<void()>& on_fault;  // may be empty
  ReaddirplusPolicy readdirplus_policy = {};
  // None while one thread answers: who pushes may have to wait for another's answer.
  PageCachePusher* pusher = nullptr;
  FragmentPrefetcher* prefetcher = nullptr;
  // Whether the kernel does without open and opendir once it has been told so.
  std::atomic<bool> no_open = false;
  std::atomic<bool> no_opendir = false;
};

// The table for a session whose user data is a ServedImage.
fuse_lowlevel_ops operations();

}  // namespace xar::fuse
