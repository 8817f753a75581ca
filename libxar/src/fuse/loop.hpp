// SPDX-License-Identifier: BSD-2-Clause
// The threads that answer the kernel. In libfuse's own loop each thread sleeps until a
// request comes. For a program that sends one request after the other, waking it takes
// longer than the answers do. Here a thread stays awake for a moment after each answer.
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include <cstddef>
#include <functional>

#include "fuse/receiver_token.hpp"

namespace xar::fuse {

// Functions that the calling thread runs.
struct LoopHooks {
  // Called when the program that waited for the mount has its answer. Returns how many
  // threads shall serve.
  std::function<unsigned()> after_first_answer;
  // Called with the number of threads that will serve, before the others begin.
  std::function<void(std::size_t threads)> before_threads;
};

// Answers requests until the file system is unmounted and its last user is gone. The
// calling thread answers the first ones, because a program waits for the mount, and
// making threads would delay it. Then as many threads answer as are wanted and can be
// made. `token` must be new, and is used by these threads alone. Returns false if the
// kernel cannot be asked.
bool answer_requests(fuse_session& session, ReceiverToken& token, const LoopHooks& hooks);

}  // namespace xar::fuse
