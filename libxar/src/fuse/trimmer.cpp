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
    if (!wait_for_quiet()) return;
    trimmed_at = activity_.requests;
    release_();
    ::malloc_trim(0);
  }
}

// Returns whether it has become quiet; false if it is to stop.
bool Trimmer::wait_for_quiet() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::uint64_t before = activity_.requests;
    if (stop_.wait_for(lock, kQuiet, [this] { return stopping_; })) return false;
    if (activity_.requests == before) return true;
  }
}

}  // namespace xar::fuse
