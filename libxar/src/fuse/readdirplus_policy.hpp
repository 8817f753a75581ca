// SPDX-License-Identifier: BSD-2-Clause
// Decides whether a listing is sent with inodes. The kernel builds each inode that it is
// sent, which takes longer than the listing. A program that only uses the names, as
// find(1) does, needs none. For a program that looks at the files, each inode saves a
// request.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <mutex>

namespace xar::fuse {

// Safe to use from several threads.
class ReaddirplusPolicy {
 public:
  // Whether to send files' inodes with the listing for which the thread `pid` waits. True
  // for the first ones, because most programs list few directories. Then it depends on
  // whether the thread has looked up files.
  bool should_send_inodes(pid_t pid);

  // To be called when the thread `pid` looks up a file.
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
