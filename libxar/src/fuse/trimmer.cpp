// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/trimmer.hpp"

#include <malloc.h>

#include <chrono>
#include <utility>

namespace xar::fuse {
namespace {

// Long enough for a program that pauses, short beside the time for which mounts idle.
constexpr std::chrono::seconds kQuiet{5};

}  // namespace

Trimmer::Trimmer(Activity& activity, std::function<void()> release)
    : activity_(activity), release_(std::move(release)), thread_([this] { run(); }) {}

Trimmer::~Trimmer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  // It may be asleep until a request comes: this is the last one.
  activity_.requests.fetch_add(1);
  activity_.requests.notify_all();
  thread_.join();
}

void Trimmer::run() {
  for (std::uint64_t trimmed_at = 0;;) {
    activity_.requests.wait(trimmed_at);
    const auto quiet_at = wait_for_quiet();
    if (!quiet_at) return;
    trimmed_at = *quiet_at;
    release_();
    ::malloc_trim(0);
  }
}

// Returns after how many requests it has become quiet; nothing if it is to stop. Who
// stops it counts one more, so that a number read any later would be waited with for
// ever.
std::optional<std::uint64_t> Trimmer::wait_for_quiet() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::uint64_t before = activity_.requests;
    if (stop_.wait_for(lock, kQuiet, [this] { return stopping_; })) return std::nullopt;
    if (activity_.requests == before) return before;
  }
}

}  // namespace xar::fuse
