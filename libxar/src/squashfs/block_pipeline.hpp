// SPDX-License-Identifier: BSD-2-Clause
// Compression on all cores with the order of one: blocks go in one after the
// other, are compressed side by side, and come out in the order they went in. The
// image is therefore the same whatever the number of threads.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "xar/base/bytes.hpp"
#include "xar/blocks.hpp"
#include "xar/digest.hpp"

namespace xar::squashfs {

class Compressor;

// A block as it is to be written.
struct PackedBlock {
  base::ByteView bytes;     // valid during the call that passes it
  bool compressed = false;  // else stored as it is
  bool cached = false;      // an earlier build has done the work
};

// Used from one thread, which also runs the consumers. At most kPerThread blocks a
// thread are under way, each in two buffers of a block's size: that bounds the memory.
class BlockPipeline {
 public:
  using Consumer = std::function<void(const PackedBlock&)>;

  // Compresses blocks of up to `block_size` bytes at zstd's `level` in up to `threads`
  // threads, at least one. They are started as there is work for them. What `cache` has
  // is taken from there; it may be null. `while_waiting` is called on the caller's thread
  // some ten times a second while a call waits for a block; what it throws reaches the
  // caller.
  BlockPipeline(unsigned threads, int level, std::uint32_t block_size,
                std::shared_ptr<blocks::PackedCache> cache,
                std::function<void()> while_waiting);
  // Joins the threads. Where blocks are under way it abandons them without waiting: each
  // thread ends by itself, when it is done with the block that it has, which can take a
  // second.
  ~BlockPipeline();
  BlockPipeline(const BlockPipeline&) = delete;
  BlockPipeline& operator=(const BlockPipeline&) = delete;

  // An empty buffer, one that has served before if there is one.
  base::Bytes buffer();

  // Takes back a buffer that was not needed after all.
  void give_back(base::Bytes buffer) { free_.push_back(std::move(buffer)); }

  // Has `block`, whose digest is `content` if that is known, compressed and then passed
  // to `consumer`, after all that were submitted before; runs the consumers of those that
  // are done, and waits if too many are not. Throws what compressing or a consumer threw;
  // the pipeline is then only good for destruction.
  void submit(base::Bytes block, std::optional<digest::Blake2b> content,
              Consumer consumer);

  // Waits for all blocks and passes them on.
  void finish();

 private:
  static constexpr std::size_t kPerThread = 4;

  struct Job {
    base::Bytes block;
    base::Bytes packed;
    std::optional<digest::Blake2b> content;
    Consumer consumer;
    std::exception_ptr failure;
    bool compressed = false;
    bool cached = false;
    bool done = false;
  };

  class Queue;

  void start_thread();
  void retire_front();

  const std::shared_ptr<Queue> queue_;
  const std::function<void()> while_waiting_;
  std::size_t max_threads_;
  std::deque<std::shared_ptr<Job>> under_way_;  // in order
  std::vector<base::Bytes> free_;
  std::vector<std::thread> threads_;
};

}  // namespace xar::squashfs
