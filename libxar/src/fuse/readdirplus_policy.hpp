// SPDX-License-Identifier: BSD-2-Clause
// What programs do with a listing. Some only want the names, as find(1) does; to tell the
// kernel of the inodes too makes it build each, which costs it more than the listing. For
// those that look at the files one by one it saves a request each.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <mutex>

namespace xar::fuse {

// Safe to use from several threads.
class ReaddirplusPolicy {
 public:
  // Whether the answer that the thread `pid` waits for, all of a listing or part of it,
  // is to have the inodes of files. The first ones have: most programs list few
  // directories. Then it depends on whether the thread has asked for files.
  bool should_send_inodes(pid_t pid);

  // The thread `pid` has asked for a file by its name.
  void note_lookup(pid_t pid);

 private:
  struct Habit {
    pid_t pid = -1;
    unsigned answers = 0;
    bool looks_up = false;
  };
  Habit& habit_of(pid_t pid);

  std::mutex mutex_;
  std::array<Habit, 64> habits_{};
  std::size_t next_ = 0;  // to be forgotten for a new one
};

}  // namespace xar::fuse
