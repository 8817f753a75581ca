// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/loop.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <vector>

#include "xar/base/workers.hpp"

namespace xar::fuse {
namespace {

// Programs that go through a tree ask again within that. To yield meanwhile is no
// courtesy: where others work, it is a long time until this thread runs again.
constexpr std::chrono::microseconds kAwake{20};

// A launch that has waited for the mount asks a few things, then loads its program; one
// that goes on asking is better served by all threads.
constexpr int kMostAlone = 8;
constexpr std::chrono::microseconds kAwakeAlone{60};
constexpr int kMomentAlone = 1;  // milliseconds, asleep

// Returns once a request is there, or after a moment.
void stay_awake(int device, std::chrono::microseconds moment) {
  pollfd watched{device, POLLIN, 0};
  const auto until = std::chrono::steady_clock::now() + moment;
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

// One thread's part. It keeps the token as long as it answers quickly.
int answer_as_receiver(fuse_session& session, ReceiverToken& token, bool alone) {
  Request request;
  int got = 0;
  bool first = true;
  while (token.is_mine() || token.take()) {
    if (!alone && !first) stay_awake(::fuse_session_fd(&session), kAwake);
    first = false;
    got = request.receive(session);
    if (got <= 0) {
      token.end();
      break;
    }
    request.process(session);
  }
  return got < 0 ? got : 0;
}

// Answers requests until none comes for a moment, or there have been many. What the last
// attempt to receive one has brought, as Request::receive().
int answer_alone(fuse_session& session, bool one_processor) {
  Request request;
  pollfd watched{::fuse_session_fd(&session), POLLIN, 0};
  for (int i = 0; i < kMostAlone; ++i) {
    const int got = request.receive(session);
    if (got <= 0) return got;
    request.process(session);
    if (!one_processor) stay_awake(watched.fd, kAwakeAlone);
    if (::poll(&watched, 1, kMomentAlone) == 0) break;
  }
  return 1;
}

// Where no more threads can be had, those that are there do.
std::vector<std::thread> make_threads(std::size_t count,
                                      const std::function<void()>& work) {
  std::vector<std::thread> threads;
  try {
    while (threads.size() < count) threads.emplace_back(work);
  } catch (const std::system_error&) {
  }
  return threads;
}

}  // namespace

bool answer_requests(fuse_session& session, ReceiverToken& token,
                     const LoopHooks& hooks) {
  const bool one_processor = base::usable_cores() == 1;
  const int got = answer_alone(session, one_processor);
  std::atomic<int> error = std::min(got, 0);
  if (got > 0) {
    const unsigned threads = hooks.after_first_answer();
    const auto work = [&] {
      if (const int failed = answer_as_receiver(session, token, one_processor))
        error = failed;
    };
    // The others wait until this one passes it on.
    token.take();
    std::vector<std::thread> others = make_threads(threads - 1, work);
    hooks.before_threads(others.size() + 1);
    work();
    for (std::thread& other : others) other.join();
  }
  ::fuse_session_reset(&session);
  return error == 0;
}

}  // namespace xar::fuse
