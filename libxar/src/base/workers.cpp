// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/workers.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace xar::base {
namespace {

constexpr std::chrono::milliseconds kTick{100};

}  // namespace

unsigned usable_cores() {
  cpu_set_t cores;
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<unsigned>(std::max(CPU_COUNT(&cores), 1));
}

Workers::Workers(unsigned threads) : threads_(threads > 0 ? threads : usable_cores()) {}

void Workers::add(Job job) {
  const std::scoped_lock lock(mutex_);
  jobs_.push_back(std::move(job));
  wanted_.notify_one();
}

void Workers::run(const std::function<void()>& tick) {
  std::vector<std::jthread> threads;  // joined before anything else is given up
  try {
    while (threads.size() < threads_) threads.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // Fewer threads do the same work.
    if (threads.empty()) throw;
  }
  try {
    std::unique_lock lock(mutex_);
    while (!over_.wait_for(lock, kTick, [this] { return is_over(); })) {
      lock.unlock();
      tick();
      lock.lock();
    }
  } catch (...) {
    fail(std::current_exception());
  }
  threads.clear();
  if (failure_) std::rethrow_exception(failure_);
}

bool Workers::is_over() const {
  return failure_ || (jobs_.empty() && under_way_ == 0);
}

void Workers::fail(std::exception_ptr failure) {
  const std::scoped_lock lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  is_ending_ = true;
  wanted_.notify_all();
  over_.notify_all();
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return is_over() || !jobs_.empty(); });
    if (is_over()) break;
    Job job = std::move(jobs_.back());
    jobs_.pop_back();
    ++under_way_;
    lock.unlock();
    try {
      job();
    } catch (...) {
      fail(std::current_exception());
    }
    // What the job holds, such as a file that it was the last to write, goes first.
    job = nullptr;
    lock.lock();
    --under_way_;
    if (!is_over()) continue;
    wanted_.notify_all();
    over_.notify_all();
  }
}

}  // namespace xar::base
