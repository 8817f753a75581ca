// SPDX-License-Identifier: BSD-2-Clause
// File content: cut into blocks, tails packed together into fragment blocks, blocks of
// zeros left out, and what is in the image already referred to.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "squashfs/block_cutter.hpp"
#include "squashfs/block_pipeline.hpp"
#include "squashfs/format.hpp"
#include "squashfs/output.hpp"
#include "squashfs/packing_order.hpp"
#include "squashfs/stored_blocks.hpp"
#include "xar/digest.hpp"
#include "xar/squashfs.hpp"

namespace xar::squashfs {

// Where a file's content is, for its inode.
struct FileLayout {
  std::uint64_t size = 0;                 // bytes
  std::uint64_t start_block = 0;          // position of its first stored block
  std::uint64_t sparse = 0;               // bytes in blocks that are left out
  std::vector<std::uint32_t> block_list;  // stored sizes with kStoredData; 0: left out
  std::uint32_t fragment = format::kNoFragment;
  std::uint32_t fragment_offset = 0;
};

// A fragment block, for the fragment table.
struct FragmentBlock {
  std::uint64_t start = 0;
  std::uint32_t size = 0;  // stored size with kStoredData
};

class DataWriter {
 public:
  // All must outlive the writer. `total` is the content's size in bytes, for
  // progress.
  DataWriter(Output& output, BlockPipeline& pipeline, const Options& options,
             std::uint64_t total);

  // Writes the content of `file`. `layout` must stay where it is: it is complete
  // after finish(). Throws base::Error if the file cannot be read or has changed.
  void write(const PackedFile& file, FileLayout& layout);

  // Writes the last fragment block and waits for all.
  void finish();

  // Calls Options::on_progress with what has been done so far.
  void report() { advance(0); }

  // After finish(): all fragment blocks, in the order of their numbers.
  [[nodiscard]] const std::vector<FragmentBlock>& fragments() const { return fragments_; }

  // Bytes of content that were in the image already.
  [[nodiscard]] std::uint64_t duplicate_bytes() const { return duplicate_bytes_; }

  // Bytes of content that an earlier build had compressed.
  [[nodiscard]] std::uint64_t cached_bytes() const { return cached_bytes_; }

 private:
  // A file whose blocks begin with stored block `first`.
  struct Placed {
    FileLayout* layout;
    std::size_t first;
  };
  struct TailPlace {
    std::uint32_t fragment;
    std::uint32_t offset;
  };

  void write_blocks(const tree::Inode& file, BlockCutter& cutter, FileLayout& layout);
  bool share_blocks(const tree::Inode& file, std::size_t first, FileLayout& layout);
  base::Bytes next_block(BlockCutter& cutter, FileLayout& layout);
  void add_block(base::Bytes block, const digest::Blake2b& digest, FileLayout& layout);
  void add_holes(std::uint64_t blocks, FileLayout& layout) const;
  void add_tail(ContentReader& content, std::uint32_t size, FileLayout& layout);
  void cut_tails(std::size_t size);
  [[nodiscard]] bool is_worth_cutting() const;
  void resolve(const Placed& file) const;
  std::uint32_t store(const PackedBlock& block);
  void advance(std::uint64_t bytes);
  void count_packed(const PackedBlock& block, std::uint64_t bytes);
  void count_duplicate(std::uint64_t bytes);

  Output& output_;
  BlockPipeline& pipeline_;
  const Options& options_;
  Progress progress_;
  StoredBlocks stored_;
  std::vector<Placed> placed_;
  base::Bytes tails_;  // of the fragment block that is being filled
  std::unordered_map<digest::Blake2b, TailPlace, digest::Blake2bHash> tail_places_;
  std::vector<FragmentBlock> fragments_;
  std::uint64_t duplicate_bytes_ = 0;
  std::uint64_t cached_bytes_ = 0;
};

}  // namespace xar::squashfs
