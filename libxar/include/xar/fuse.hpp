// SPDX-License-Identifier: BSD-2-Clause
// The FUSE server: answers the kernel's requests for one mounted image until the
// kernel says that nobody is left. Mounting and unmounting are not its business.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "xar/base/fd.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

struct Options {
  // Refuse requests of users other than the server's and root, for a mount made
  // with allow_other (libfuse's allow_root). What the kernel has been told already
  // it tells others too, without asking: a folder that they cannot enter keeps them
  // out, this does not.
  bool only_owner_and_root = false;
  unsigned threads = 0;  // serving threads at most; 0: one a core
  // Called for each request that fails because the image is damaged or cannot be read, if
  // it is not empty; from any of the threads. Must not throw.
  std::function<void()> on_fault = {};
};

// What a server has done so far; readable while it serves from any thread, and from
// any process that shares its memory.
struct Activity {
  std::atomic<std::uint64_t> requests = 0;
  // When the latest came, in seconds of the monotonic clock.
  std::atomic<std::uint64_t> latest = 0;
};

// Serves `image` on `device`, an open /dev/fuse that has been mounted; takes it
// over. Returns when the file system is unmounted and its last user gone. Throws
// Error if the kernel and libfuse cannot agree. `activity` is updated as
// requests come.
void serve(base::Fd device, image::Image& image, const Options& options,
           Activity& activity);

}  // namespace xar::fuse
