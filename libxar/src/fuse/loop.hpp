// SPDX-License-Identifier: BSD-2-Clause
// The threads that answer the kernel. libfuse's own loop has each of them sleep until a
// request comes; what that costs, for a program that asks one thing after the other, is
// more than the answers do. Here one stays awake for a moment after each answer.
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include "fuse/turn.hpp"

namespace xar::fuse {

// Answers requests on `threads` threads, the calling one among them, until the file
// system is unmounted and its last user gone. `turn` is the threads' own and must be new.
// Returns false if the kernel cannot be asked.
bool answer_requests(fuse_session& session, Turn& turn, unsigned threads);

}  // namespace xar::fuse
