// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/block_pipeline.hpp"

#include <algorithm>
#include <system_error>

#include "squashfs/compressor.hpp"
#include "squashfs/packed_cache.hpp"
#include "xar/base/error.hpp"

namespace xar::squashfs {

BlockPipeline::BlockPipeline(unsigned threads, int level, std::uint32_t block_size,
                             PackedCache* cache)
    : level_(level),
      block_size_(block_size),
      cache_(cache),
      max_threads_(std::max(threads, 1U)) {}

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

void BlockPipeline::submit(base::Bytes block, std::optional<digest::Blake2b> content,
                           Consumer consumer) {
  auto job = std::make_unique<Job>();
  job->block = std::move(block);
  job->packed = buffer();
  job->content = content;
  job->consumer = std::move(consumer);
  under_way_.push_back(std::move(job));
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(under_way_.back().get());
  }
  work_to_do_.notify_one();
  start_thread();
  while (!under_way_.empty() &&
         (under_way_.size() >= kPerThread * max_threads_ || front_is_done())) {
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
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error& error) {
    if (threads_.empty()) {
      throw base::SystemError(error.code().value(), "cannot start", "a thread");
    }
    // A limit on processes makes the work slower, not impossible.
    max_threads_ = threads_.size();
  }
}

bool BlockPipeline::front_is_done() {
  const std::lock_guard lock(mutex_);
  return under_way_.front()->done;
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
  job->consumer(
      {job->compressed ? job->packed : job->block, job->compressed, job->cached});
  free_.push_back(std::move(job->block));
  free_.push_back(std::move(job->packed));
}

void BlockPipeline::work() {
  std::unique_ptr<Compressor> compressor;
  std::unique_lock lock(mutex_);
  for (;;) {
    work_to_do_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    Job* job = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    try {
      pack(*job, compressor);
    } catch (...) {
      job->failure = std::current_exception();
    }
    lock.lock();
    job->done = true;
    work_done_.notify_one();
  }
}

// Compresses a block, unless that has been done before. There is no `compressor` before
// the first that has not.
void BlockPipeline::pack(Job& job, std::unique_ptr<Compressor>& compressor) const {
  if (cache_ != nullptr) {
    if (!job.content) job.content = digest::blake2b(job.block);
    job.cached = cache_->find(*job.content, job.packed);
    job.compressed = job.cached && !job.packed.empty();
    if (job.cached) return;
  }
  if (!compressor) compressor = std::make_unique<Compressor>(level_, block_size_);
  job.compressed = compressor->compress(job.block, job.packed);
  if (cache_ == nullptr) return;
  cache_->keep(*job.content,
               job.compressed ? base::ByteView(job.packed) : base::ByteView());
}

}  // namespace xar::squashfs
