// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/data_writer.hpp"

#include <algorithm>
#include <cstring>

#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

bool is_zero(base::ByteView bytes) {
  return bytes.front() == std::byte{0} &&
         std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace

DataWriter::DataWriter(Output& output, BlockPipeline& pipeline, const Options& options,
                       std::uint64_t total)
    : output_(output), pipeline_(pipeline), options_(options), progress_{0, total} {}

void DataWriter::write(const tree::Inode& file, FileLayout& layout) {
  // Reading many small files takes its time without completing a block.
  advance(0);
  layout.size = file.size();
  const auto content = ContentReader::open(file.content);
  std::uint64_t rest = layout.size;
  while (rest >= options_.block_size) {
    if (const std::uint64_t holes = content->hole(rest) / options_.block_size;
        holes > 0) {
      content->skip(holes * options_.block_size);
      add_holes(holes, layout);
      rest -= holes * options_.block_size;
    } else {
      base::Bytes block = pipeline_.buffer();
      content->read(options_.block_size, block);
      add_block(std::move(block), layout);
      rest -= options_.block_size;
    }
  }
  if (rest > 0) add_tail(*content, static_cast<std::uint32_t>(rest), layout);
  content->finish();
}

void DataWriter::finish() {
  flush_fragments();
  pipeline_.finish();
}

void DataWriter::add_block(base::Bytes block, FileLayout& layout) {
  if (is_zero(block)) {
    pipeline_.give_back(std::move(block));
    return add_holes(1, layout);
  }
  const std::size_t index = layout.block_list.size();
  layout.block_list.push_back(0);
  pipeline_.submit(std::move(block), [this, &layout, index](const PackedBlock& packed) {
    if (layout.start_block == 0) layout.start_block = output_.position();
    layout.block_list[index] = store(packed);
    advance(options_.block_size);
  });
}

void DataWriter::add_holes(std::uint64_t blocks, FileLayout& layout) {
  layout.block_list.resize(layout.block_list.size() + blocks, 0);
  layout.sparse += blocks * options_.block_size;
  advance(blocks * options_.block_size);
}

// Packs the last bytes of a file, less than a block, with those of other files.
void DataWriter::add_tail(ContentReader& content, std::uint32_t size,
                          FileLayout& layout) {
  if (tails_.size() + size > options_.block_size) flush_fragments();
  if (fragments_.size() == format::kNoFragment) {
    throw base::Error("the tree has too many files for a SquashFS image: split it");
  }
  layout.fragment = static_cast<std::uint32_t>(fragments_.size());
  layout.fragment_offset = static_cast<std::uint32_t>(tails_.size());
  tails_.reserve(options_.block_size);
  content.read(size, tails_);
}

void DataWriter::flush_fragments() {
  if (tails_.empty()) return;
  const std::size_t index = fragments_.size();
  const std::size_t size = tails_.size();
  fragments_.emplace_back();
  pipeline_.submit(std::move(tails_), [this, index, size](const PackedBlock& packed) {
    fragments_[index].start = output_.position();
    fragments_[index].size = store(packed);
    advance(size);
  });
  tails_ = pipeline_.buffer();
}

// Writes a block and returns its size as the tables spell it.
std::uint32_t DataWriter::store(const PackedBlock& block) {
  output_.append(block.bytes);
  const auto size = static_cast<std::uint32_t>(block.bytes.size());
  return block.compressed ? size : size | format::kStoredData;
}

void DataWriter::advance(std::uint64_t bytes) {
  progress_.done += bytes;
  if (options_.on_progress) options_.on_progress(progress_);
}

}  // namespace xar::squashfs
