// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/block_pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "squashfs/compressor.hpp"
#include "xar/base/error.hpp"
#include "xar/blocks.hpp"

namespace xar::squashfs {

// What the pipeline and its threads share, for as long as one of them is there.
class BlockPipeline::Queue {
 public:
  Queue(int level, std::uint32_t block_size, std::shared_ptr<blocks::PackedCache> cache)
      : level_(level), block_size_(block_size), cache_(std::move(cache)) {}

  void add(std::shared_ptr<Job> job) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(job));
    }
    work_to_do_.notify_one();
  }

  // No job is begun any more.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      waiting_.clear();
    }
    work_to_do_.notify_all();
  }

  [[nodiscard]] bool is_done(const Job& job) {
    const std::lock_guard lock(mutex_);
    return job.done;
  }

  // Waits for a job. False if it is not done after a while.
  [[nodiscard]] bool wait_for(const Job& job) {
    constexpr std::chrono::milliseconds kWhile{100};
    std::unique_lock lock(mutex_);
    return work_done_.wait_for(lock, kWhile, [&job] { return job.done; });
  }

  // A thread's: until the queue stops.
  void work() {
    std::unique_ptr<Compressor> compressor;
    while (const std::shared_ptr<Job> job = next()) {
      try {
        pack(*job, compressor);
      } catch (...) {
        job->failure = std::current_exception();
      }
      const std::lock_guard lock(mutex_);
      job->done = true;
      work_done_.notify_one();
    }
  }

 private:
  // Waits for work. Null once the queue stops.
  std::shared_ptr<Job> next() {
    std::unique_lock lock(mutex_);
    work_to_do_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return nullptr;
    std::shared_ptr<Job> job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
  }

  // Compresses a block, unless that has been done before. There is no `compressor`
  // before the first that has not.
  void pack(Job& job, std::unique_ptr<Compressor>& compressor) {
    if (cache_ != nullptr) {
      if (!job.content) job.content = digest::blake2b(job.block);
      job.cached = cache_->find(*job.content, job.packed);
      job.compressed = job.cached && !job.packed.empty();
      if (job.cached) return;
    }
    if (!compressor) compressor = std::make_unique<Compressor>(level_, block_size_);
    job.compressed = compressor->compress(job.block, job.packed);
    // Nobody waits for an abandoned thread, which might end in the middle of writing.
    if (cache_ == nullptr || is_stopping()) return;
    cache_->keep(*job.content,
                 job.compressed ? base::ByteView(job.packed) : base::ByteView());
  }

  [[nodiscard]] bool is_stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  const int level_;
  const std::uint32_t block_size_;
  const std::shared_ptr<blocks::PackedCache> cache_;

  std::mutex mutex_;  // guards all below, and `done` of every job
  std::condition_variable work_to_do_;
  std::condition_variable work_done_;
  std::deque<std::shared_ptr<Job>> waiting_;
  bool stopping_ = false;
};

BlockPipeline::BlockPipeline(unsigned threads, int level, std::uint32_t block_size,
                             std::shared_ptr<blocks::PackedCache> cache,
                             std::function<void()> while_waiting)
    : queue_(std::make_shared<Queue>(level, block_size, std::move(cache))),
      while_waiting_(std::move(while_waiting)),
      max_threads_(std::max(threads, 1U)) {}

BlockPipeline::~BlockPipeline() {
  queue_->stop();
  for (std::thread& thread : threads_) {
    if (under_way_.empty()) {
      thread.join();
    } else {
      thread.detach();
    }
  }
}

base::Bytes BlockPipeline::buffer() {
  if (free_.empty()) return {};
  base::Bytes buffer = std::move(free_.back());
  free_.pop_back();
  buffer.clear();
  return buffer;
}

void BlockPipeline::submit(base::Bytes block, std::optional<digest::Blake2b> content,
                           Consumer consumer) {
  auto job = std::make_shared<Job>();
  job->block = std::move(block);
  job->packed = buffer();
  job->content = content;
  job->consumer = std::move(consumer);
  under_way_.push_back(job);
  queue_->add(std::move(job));
  start_thread();
  while (!under_way_.empty() && (under_way_.size() >= kPerThread * max_threads_ ||
                                 queue_->is_done(*under_way_.front()))) {
    retire_front();
  }
}

void BlockPipeline::finish() {
  while (!under_way_.empty()) retire_front();
}

// Starts one thread more unless there are more threads than blocks already.
void BlockPipeline::start_thread() {
  if (threads_.size() >= std::min(max_threads_, under_way_.size())) return;
  try {
    threads_.emplace_back([queue = queue_] { queue->work(); });
  } catch (const std::system_error& error) {
    if (threads_.empty()) {
      throw base::SystemError(error.code().value(), "cannot start", "a thread");
    }
    // A limit on processes makes the work slower, not impossible.
    max_threads_ = threads_.size();
  }
}

// Waits for the oldest block and passes it on.
void BlockPipeline::retire_front() {
  while (!queue_->wait_for(*under_way_.front())) {
    if (while_waiting_) while_waiting_();
  }
  const std::shared_ptr<Job> job = std::move(under_way_.front());
  under_way_.pop_front();
  if (job->failure) std::rethrow_exception(job->failure);
  job->consumer(
      {job->compressed ? job->packed : job->block, job->compressed, job->cached});
  free_.push_back(std::move(job->block));
  free_.push_back(std::move(job->packed));
}

}  // namespace xar::squashfs
