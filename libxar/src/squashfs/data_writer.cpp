// SPDX-License-Identifier: BSD-2-Clause
#include "squashfs/data_writer.hpp"

#include <algorithm>
#include <optional>

#include "xar/base/error.hpp"

namespace xar::squashfs {
namespace {

// In a block list, until the block's size is known.
constexpr std::uint32_t kPending = 1;

}  // namespace

DataWriter::DataWriter(Output& output, BlockPipeline& pipeline, const Options& options,
                       std::uint64_t total)
    : output_(output), pipeline_(pipeline), options_(options), progress_{0, total} {}

void DataWriter::write(const PackedFile& file, FileLayout& layout) {
  // Reading many small files takes its time without completing a block.
  advance(0);
  if (file.may_cut && is_worth_cutting()) cut_tails(tails_.size());
  layout.size = file.inode->size();
  const auto content = ContentReader::open(file.inode->content);
  BlockCutter cutter(*content, layout.size, options_.block_size);
  write_blocks(*file.inode, cutter, layout);
  if (cutter.tail() > 0) add_tail(*content, cutter.tail(), layout);
  content->finish();
}

void DataWriter::finish() {
  if (!tails_.empty()) cut_tails(tails_.size());
  pipeline_.finish();
  for (const Placed& file : placed_) resolve(file);
}

void DataWriter::write_blocks(const tree::Inode& file, BlockCutter& cutter,
                              FileLayout& layout) {
  base::Bytes block = next_block(cutter, layout);
  if (block.empty()) return;
  digest::Blake2b digest = digest::blake2b(block);
  // Only here is it worth looking ahead: a file with a first block of its own shares
  // nothing.
  const auto known = stored_.find(digest);
  if (known && share_blocks(file, *known, layout)) {
    placed_.push_back({&layout, *known});
    pipeline_.give_back(std::move(block));
    cutter.skip_blocks();
    return;
  }
  placed_.push_back({&layout, stored_.size()});
  while (!block.empty()) {
    add_block(std::move(block), digest, layout);
    block = next_block(cutter, layout);
    if (!block.empty()) digest = digest::blake2b(block);
  }
}

// The next block that is not of zeros; empty if there is none.
base::Bytes DataWriter::next_block(BlockCutter& cutter, FileLayout& layout) {
  base::Bytes block = pipeline_.buffer();
  while (block.empty() && cutter.has_block()) {
    if (const std::uint64_t holes = cutter.next(block); holes > 0) {
      add_holes(holes, layout);
      advance(holes * options_.block_size);
    }
  }
  return block;
}

// Whether the blocks of `file` are those from `first` on; then lists them. Reads ahead
// through a reader of its own.
bool DataWriter::share_blocks(const tree::Inode& file, std::size_t first,
                              FileLayout& layout) {
  const auto content = ContentReader::open(file.content);
  BlockCutter cutter(*content, layout.size, options_.block_size);
  FileLayout shared;
  base::Bytes block = pipeline_.buffer();
  bool same = true;
  for (std::size_t index = first; same && cutter.has_block();) {
    advance(0);
    block.clear();
    if (const std::uint64_t holes = cutter.next(block); holes > 0) {
      add_holes(holes, shared);
    } else {
      same = stored_.is(index++, digest::blake2b(block));
      shared.block_list.push_back(kPending);
    }
  }
  pipeline_.give_back(std::move(block));
  if (!same) return false;
  const std::uint64_t blocks = shared.block_list.size() - layout.block_list.size();
  const std::uint64_t holes = shared.sparse - layout.sparse;  // which nothing stores
  advance(holes);
  count_duplicate(blocks * options_.block_size - holes);
  layout.block_list = std::move(shared.block_list);
  layout.sparse = shared.sparse;
  return true;
}

void DataWriter::add_block(base::Bytes block, const digest::Blake2b& digest,
                           FileLayout& layout) {
  layout.block_list.push_back(kPending);
  const std::size_t index = stored_.add(digest);
  pipeline_.submit(std::move(block), digest, [this, index](const PackedBlock& packed) {
    const std::uint64_t start = output_.position();
    stored_.set_place(index, start, store(packed));
    count_packed(packed, options_.block_size);
  });
}

void DataWriter::add_holes(std::uint64_t blocks, FileLayout& layout) const {
  layout.block_list.resize(layout.block_list.size() + blocks, 0);
  layout.sparse += blocks * options_.block_size;
}

// Packs the last bytes of a file, less than a block, with those of other files.
void DataWriter::add_tail(ContentReader& content, std::uint32_t size,
                          FileLayout& layout) {
  const std::size_t before = tails_.size();
  tails_.reserve(2 * std::size_t{options_.block_size});
  content.read(size, tails_);
  const digest::Blake2b digest = digest::blake2b(std::span(tails_).subspan(before));
  if (const auto known = tail_places_.find(digest); known != tail_places_.end()) {
    tails_.resize(before);
    layout.fragment = known->second.fragment;
    layout.fragment_offset = known->second.offset;
    return count_duplicate(size);
  }
  if (tails_.size() > options_.block_size) cut_tails(before);
  if (fragments_.size() == format::kNoFragment) {
    throw base::Error("the tree has too many files for a SquashFS image: split it");
  }
  layout.fragment = static_cast<std::uint32_t>(fragments_.size());
  layout.fragment_offset = static_cast<std::uint32_t>(tails_.size() - size);
  tail_places_.emplace(digest, TailPlace{layout.fragment, layout.fragment_offset});
}

// Makes a fragment block of the first `size` bytes of the tails.
void DataWriter::cut_tails(std::size_t size) {
  base::Bytes rest = pipeline_.buffer();
  base::append(rest, std::span(tails_).subspan(size));
  tails_.resize(size);
  const std::size_t index = fragments_.size();
  fragments_.emplace_back();
  stored_.add_break();
  const auto place = [this, index, size](const PackedBlock& packed) {
    fragments_[index].start = output_.position();
    fragments_[index].size = store(packed);
    count_packed(packed, size);
  };
  pipeline_.submit(std::move(tails_), std::nullopt, place);
  tails_ = std::move(rest);
}

// Enough for a block that compresses as well as a full one.
bool DataWriter::is_worth_cutting() const {
  return tails_.size() >= options_.block_size / 8 * 7;
}

void DataWriter::resolve(const Placed& file) const {
  file.layout->start_block = stored_.start(file.first);
  std::size_t index = file.first;
  for (std::uint32_t& size : file.layout->block_list) {
    if (size == kPending) size = stored_.stored_size(index++);
  }
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

void DataWriter::count_packed(const PackedBlock& block, std::uint64_t bytes) {
  if (block.cached) cached_bytes_ += bytes;
  advance(bytes);
}

void DataWriter::count_duplicate(std::uint64_t bytes) {
  duplicate_bytes_ += bytes;
  advance(bytes);
}

}  // namespace xar::squashfs
