// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/loop.hpp"

#include <poll.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <thread>
#include <vector>

namespace xar::fuse {
namespace {

// Programs that go through a tree ask again within that. To yield meanwhile is no
// courtesy: where others work, it is a long time until this thread's next turn.
constexpr std::chrono::microseconds kAwake{20};

// Returns once a request is there, or after a moment.
void stay_awake(int device) {
  pollfd watched{device, POLLIN, 0};
  const auto until = std::chrono::steady_clock::now() + kAwake;
  while (::poll(&watched, 1, 0) == 0 && std::chrono::steady_clock::now() < until) {
  }
}

// A request as it comes from the kernel, and the memory for the next one.
class Request {
 public:
  Request() = default;
  ~Request() { std::free(buffer_.mem); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  // Waits for one. 0 if there are no more, or a negative errno value.
  int receive(fuse_session& session) {
    int got = 0;
    do {
      got = ::fuse_session_receive_buf(&session, &buffer_);
    } while (got == -EINTR);
    return got;
  }

  void process(fuse_session& session) const {
    ::fuse_session_process_buf(&session, &buffer_);
  }

 private:
  fuse_buf buffer_{};
};

// One thread's part. The turn stays with it as long as it answers quickly.
int answer_in_turn(fuse_session& session, Turn& turn, bool alone) {
  Request request;
  int got = 0;
  bool first = true;
  while (turn.is_mine() || turn.take()) {
    if (!alone && !first) stay_awake(::fuse_session_fd(&session));
    first = false;
    got = request.receive(session);
    if (got <= 0) {
      turn.end();
      break;
    }
    request.process(session);
  }
  return got < 0 ? got : 0;
}

}  // namespace

bool answer_requests(fuse_session& session, Turn& turn, unsigned threads) {
  const bool one_processor = std::thread::hardware_concurrency() < 2;
  std::atomic<int> error = 0;
  const auto work = [&] {
    if (const int failed = answer_in_turn(session, turn, one_processor)) error = failed;
  };
  std::vector<std::thread> others;
  // None of them begins before all are there; where one cannot be made, none does.
  turn.take();
  std::exception_ptr failure;
  try {
    while (others.size() + 1 < threads) others.emplace_back(work);
  } catch (...) {
    failure = std::current_exception();
    turn.end();
  }
  if (!failure) work();
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
  ::fuse_session_reset(&session);
  return error == 0;
}

}  // namespace xar::fuse
