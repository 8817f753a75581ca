// SPDX-License-Identifier: BSD-2-Clause
// Work of unknown extent on several threads: jobs that may add further jobs, until
// none is left.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace xar::base {

// How many cores this process may use, at least 1. Reads no file.
unsigned usable_cores();

class Workers {
 public:
  using Job = std::function<void()>;

  // Will use `threads` threads; 0: one a core that this process may use.
  explicit Workers(unsigned threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Adds a job; from any thread, jobs included. The newest is taken first, so that
  // what has been begun is finished before more is begun.
  void add(Job job);

  // Whether the work ends before it is done. A long job looks now and then, and returns.
  [[nodiscard]] bool is_ending() const { return is_ending_; }

  // Returns once all jobs are done. Meanwhile calls `tick` on this thread about ten
  // times a second. What a job or `tick` throws ends the work: the jobs under way
  // finish, the others are dropped, and it is thrown here. Throws std::system_error if
  // no thread can be started. To be called once.
  void run(const std::function<void()>& tick);

 private:
  void work();
  void fail(std::exception_ptr failure);
  [[nodiscard]] bool is_over() const;

  const unsigned threads_;
  std::mutex mutex_;
  std::condition_variable wanted_;  // there is a job, or nothing more to do
  std::condition_variable over_;    // nothing more to do
  std::vector<Job> jobs_;
  std::size_t under_way_ = 0;
  std::atomic<bool> is_ending_ = false;
  std::exception_ptr failure_;
};

}  // namespace xar::base
