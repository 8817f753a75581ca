// SPDX-License-Identifier: BSD-2-Clause
// The threads that answer the kernel. libfuse's own loop has each of them sleep until a
// request comes; what that costs, for a program that asks one thing after the other, is
// more than the answers do. Here one stays awake for a moment after each answer.
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include <cstddef>
#include <functional>

#include "fuse/receiver_token.hpp"

namespace xar::fuse {

// What is to be done on the way, by the calling thread.
struct LoopHooks {
  // When whoever has waited for the mount is answered. Says how many threads are to
  // serve.
  std::function<unsigned()> after_first_answer;
  // How many will, before any other than the calling one does.
  std::function<void(std::size_t threads)> before_threads;
};

// Answers requests until the file system is unmounted and its last user gone: the first
// ones on the calling thread, for a program waits for the mount that making threads would
// delay, the others on as many threads as are wanted and can be made. `turn` is the
// threads' own and must be new. Returns false if the kernel cannot be asked.
bool answer_requests(fuse_session& session, ReceiverToken& token, const LoopHooks& hooks);

}  // namespace xar::fuse
