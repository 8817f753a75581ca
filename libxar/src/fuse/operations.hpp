// SPDX-License-Identifier: BSD-2-Clause
// What the kernel may ask of the file system, as libfuse wants it: one table.
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include <atomic>

#include "fuse/habits.hpp"
#include "xar/fuse.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

class Ahead;
class Pusher;

// What the operations work on: a session's user data. Must outlive the session.
struct Served {
  const image::Image& image;
  Activity& activity;
  const std::function<void()>& on_fault;  // may be empty
  Habits habits = {};
  // None while one thread answers: who pushes may have to wait for another's answer.
  Pusher* pusher = nullptr;
  Ahead* ahead = nullptr;
  // Whether the kernel does without open and opendir once it has been told so.
  std::atomic<bool> no_open = false;
  std::atomic<bool> no_opendir = false;
};

// The table for a session whose user data is a Served.
fuse_lowlevel_ops operations();

}  // namespace xar::fuse
