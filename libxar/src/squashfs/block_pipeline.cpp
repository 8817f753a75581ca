// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/block_pipeline.hpp"

#include <algorithm>

#include "squashfs/compressor.hpp"

namespace xar::squashfs {

BlockPipeline::BlockPipeline(unsigned threads, int level)
    : limit_(kPerThread * std::max(threads, 1U)) {
  for (unsigned i = 0; i < std::max(threads, 1U); ++i) {
    threads_.emplace_back([this, level] { work(level); });
  }
}

BlockPipeline::~BlockPipeline() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  work_to_do_.notify_all();
  threads_.clear();  // joins: the jobs must outlive them
}

base::Bytes BlockPipeline::buffer() {
  if (free_.empty()) return {};
  base::Bytes buffer = std::move(free_.back());
  free_.pop_back();
  buffer.clear();
  return buffer;
}

void BlockPipeline::submit(base::Bytes block, Consumer consumer) {
  auto job = std::make_unique<Job>();
  job->block = std::move(block);
  job->packed = buffer();
  job->consumer = std::move(consumer);
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(job.get());
  }
  work_to_do_.notify_one();
  under_way_.push_back(std::move(job));

  const auto front_is_done = [this] {
    const std::lock_guard lock(mutex_);
    return under_way_.front()->done;
  };
  while (!under_way_.empty() && (under_way_.size() >= limit_ || front_is_done())) {
    retire_front();
  }
}

void BlockPipeline::finish() {
  while (!under_way_.empty()) retire_front();
}

// Waits for the oldest block and passes it on.
void BlockPipeline::retire_front() {
  {
    std::unique_lock lock(mutex_);
    work_done_.wait(lock, [this] { return under_way_.front()->done; });
  }
  const std::unique_ptr<Job> job = std::move(under_way_.front());
  under_way_.pop_front();
  if (job->failure) std::rethrow_exception(job->failure);
  job->consumer({job->compressed ? job->packed : job->block, job->compressed});
  free_.push_back(std::move(job->block));
  free_.push_back(std::move(job->packed));
}

void BlockPipeline::work(int level) {
  std::unique_ptr<Compressor> compressor;
  std::unique_lock lock(mutex_);
  for (;;) {
    work_to_do_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    Job* job = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    try {
      if (!compressor) compressor = std::make_unique<Compressor>(level);
      job->compressed = compressor->compress(job->block, job->packed);
    } catch (...) {
      job->failure = std::current_exception();
    }
    lock.lock();
    job->done = true;
    work_done_.notify_one();
  }
}

}  // namespace xar::squashfs
