// SPDX-License-Identifier: BSD-2-Clause
#include "fuse/readdirplus_policy.hpp"

#include <algorithm>

namespace xar::fuse {
namespace {

// Answers that have the inodes before it is known whether the program wants them.
constexpr unsigned kFirst = 2;

}  // namespace

bool ReaddirplusPolicy::should_send_inodes(pid_t pid) {
  const std::scoped_lock lock(mutex_);
  Habit& habit = habit_of(pid);
  return habit.answers++ < kFirst || habit.looks_up;
}

void ReaddirplusPolicy::note_lookup(pid_t pid) {
  const std::scoped_lock lock(mutex_);
  habit_of(pid).looks_up = true;
}

ReaddirplusPolicy::Habit& ReaddirplusPolicy::habit_of(pid_t pid) {
  const auto found = std::ranges::find(habits_, pid, &Habit::pid);
  if (found != habits_.end()) return *found;
  Habit& habit = habits_[next_++ % habits_.size()];
  habit = {pid};
  return habit;
}

}  // namespace xar::fuse
