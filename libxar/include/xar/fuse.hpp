// SPDX-License-Identifier: BSD-2-Clause
// The FUSE server: answers the kernel's requests for one mounted image until its last
// user is gone. It neither mounts nor unmounts.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "xar/base/fd.hpp"
#include "xar/image.hpp"

namespace xar::fuse {

struct Options {
  // Refuses requests of users other than the server's and root, on a mount made with
  // allow_other (libfuse's allow_root). The kernel may answer other users from its caches
  // without a request: only a folder that they cannot enter keeps them out.
  bool only_owner_and_root = false;
  unsigned threads = 0;  // that serve, at most; 0: one per core, at least two
  // If not empty, called on any thread for each request that fails because the image is
  // damaged or cannot be read. Must not throw.
  std::function<void()> on_fault = {};
  // If not empty, called once after the first requests have been answered, before further
  // threads are made: for work that the launch need not wait for. Must not throw.
  std::function<void()> after_first_answer = {};
};

// What a server has done so far, not counting requests for the size of the file system.
// Any thread, and any process that shares the memory, may read it at any time.
struct Activity {
  std::atomic<std::uint64_t> requests = 0;
  // The time of the latest one, in seconds of the monotonic clock.
  std::atomic<std::uint64_t> latest = 0;
};

// A server of one image. Preparing and serving are separate steps, because preparing
// needs no mount: it can be done while another process mounts.
class Server {
 public:
  // Prepares everything that needs no mount. Borrows the image, and `activity`, which it
  // updates with each request. May change malloc's settings of this process, and sets
  // libfuse's log function. Throws base::Error if libfuse cannot be used.
  Server(image::Image& image, Options options, Activity& activity);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves on `device`, an open and mounted /dev/fuse, which it takes over. Returns when
  // the file system is unmounted and its last user is gone. Throws base::Error if the
  // kernel and libfuse cannot agree. May be called once.
  void serve(base::Fd device);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace xar::fuse
