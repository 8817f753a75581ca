// SPDX-License-Identifier: BSD-2-Clause
// The threads that answer the kernel. libfuse's own loop has each of them sleep until a
// request comes; what that costs, for a program that asks one thing after the other, is
// more than the answers do. Here one stays awake for a moment after each answer.
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include <cstddef>
#include <functional>

#include "fuse/turn.hpp"

namespace xar::fuse {

// Answers requests until the file system is unmounted and its last user gone: the first
// ones on the calling thread, for a program waits for the mount that making threads would
// delay. Then it calls `settle`, which says how many threads there are to be, and goes on
// with them, or as many as can be made; `start` is told how many just before.
struct Stages {
  std::function<unsigned()> settle;
  std::function<void(std::size_t threads)> start;
};

// `turn` is the threads' own and must be new. Returns false if the kernel cannot be
// asked.
bool answer_requests(fuse_session& session, Turn& turn, const Stages& stages);

}  // namespace xar::fuse
