// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/data_writer.hpp"

#include <algorithm>
#include <cstring>

#include "squashfs/content_reader.hpp"

namespace xar::squashfs {
namespace {

bool is_zero(base::ByteView bytes) {
  return bytes.front() == std::byte{0} &&
         std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace

DataWriter::DataWriter(Output& output, BlockPipeline& pipeline, const Options& options,
                       std::uint64_t total)
    : output_(output), pipeline_(pipeline), options_(options), progress_{0, total} {
  advance(0);
}

void DataWriter::write(const tree::Inode& file, FileLayout& layout) {
  layout.size = file.size();
  const auto content = ContentReader::open(file.content);
  const std::uint64_t block_size = options_.block_size;
  std::uint64_t rest = layout.size;
  while (rest >= block_size) {
    if (const std::uint64_t holes = content->hole(rest) / block_size; holes > 0) {
      content->skip(holes * block_size);
      add_holes(holes, layout);
      rest -= holes * block_size;
      continue;
    }
    base::Bytes block = pipeline_.buffer();
    content->read(options_.block_size, block);
    add_block(std::move(block), layout);
    rest -= block_size;
  }
  if (rest > 0) {
    base::Bytes tail = pipeline_.buffer();
    content->read(static_cast<std::size_t>(rest), tail);
    add_tail(tail, layout);
    pipeline_.give_back(std::move(tail));
  }
  content->finish();
}

void DataWriter::finish() {
  flush_fragments();
  pipeline_.finish();
}

void DataWriter::add_block(base::Bytes block, FileLayout& layout) {
  if (is_zero(block)) {
    add_holes(1, layout);
    pipeline_.give_back(std::move(block));
    return;
  }
  const std::size_t size = block.size();
  const std::size_t index = layout.block_list.size();
  layout.block_list.push_back(0);
  pipeline_.submit(std::move(block), [this, &layout, index](const PackedBlock& packed) {
    if (layout.start_block == 0) layout.start_block = output_.position();
    layout.block_list[index] = store(packed);
  });
  advance(size);
}

void DataWriter::add_holes(std::uint64_t blocks, FileLayout& layout) {
  layout.block_list.resize(layout.block_list.size() + blocks, 0);
  layout.sparse += blocks * options_.block_size;
  advance(blocks * options_.block_size);
}

void DataWriter::add_tail(base::ByteView tail, FileLayout& layout) {
  if (tails_.size() + tail.size() > options_.block_size) flush_fragments();
  layout.fragment = static_cast<std::uint32_t>(fragments_.size());
  layout.fragment_offset = static_cast<std::uint32_t>(tails_.size());
  if (tails_.empty()) tails_.reserve(options_.block_size);
  base::append(tails_, tail);
  advance(tail.size());
}

void DataWriter::flush_fragments() {
  if (tails_.empty()) return;
  const std::size_t index = fragments_.size();
  fragments_.emplace_back();
  pipeline_.submit(std::move(tails_), [this, index](const PackedBlock& packed) {
    fragments_[index].start = output_.position();
    fragments_[index].size = store(packed);
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
