// SPDX-License-Identifier: BSD-2-Clause
// The FUSE server: answers the kernel's requests for one mounted image until the
// kernel says that nobody is left. Mounting and unmounting are not its business.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

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
  // Called once, if it is not empty, when whoever has waited for the mount is answered
  // and no other thread is there yet: for what would have kept them waiting. Must not
  // throw.
  std::function<void()> after_first_answer = {};
};

// What a server has done so far, requests for the size of the file system aside; readable
// while it serves from any thread, and from any process that shares its memory.
struct Activity {
  std::atomic<std::uint64_t> requests = 0;
  // When the latest came, in seconds of the monotonic clock.
  std::atomic<std::uint64_t> latest = 0;
};

// A server of one image. Its two steps are apart because the first needs no mount: it can
// be done while another process mounts.
class Server {
 public:
  // Prepares all that can be before there is a mount. Borrows the image and `activity`,
  // which is updated as requests come. Throws Error if libfuse cannot be used.
  Server(image::Image& image, Options options, Activity& activity);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves on `device`, an open /dev/fuse that has been mounted; takes it over. Returns
  // when the file system is unmounted and its last user gone. Throws Error if the kernel
  // and libfuse cannot agree. To be called once.
  void serve(base::Fd device);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace xar::fuse
