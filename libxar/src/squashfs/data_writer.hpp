// SPDX-License-Identifier: BSD-2-Clause
// File content: cut into blocks, tails packed together into fragment blocks,
// blocks of zeros left out.
#pragma once

#include <cstdint>
#include <vector>

#include "squashfs/block_pipeline.hpp"
#include "squashfs/content_reader.hpp"
#include "squashfs/format.hpp"
#include "squashfs/output.hpp"
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
  void write(const tree::Inode& file, FileLayout& layout);

  // Writes the last fragment block and waits for all.
  void finish();

  // After finish(): all fragment blocks, in the order of their numbers.
  [[nodiscard]] const std::vector<FragmentBlock>& fragments() const { return fragments_; }

 private:
  void add_block(base::Bytes block, FileLayout& layout);
  void add_holes(std::uint64_t blocks, FileLayout& layout);
  void add_tail(ContentReader& content, std::uint32_t size, FileLayout& layout);
  void flush_fragments();
  std::uint32_t store(const PackedBlock& block);
  void advance(std::uint64_t bytes);

  Output& output_;
  BlockPipeline& pipeline_;
  const Options& options_;
  Progress progress_;
  base::Bytes tails_;  // of the fragment block that is being filled
  std::vector<FragmentBlock> fragments_;
};

}  // namespace xar::squashfs
