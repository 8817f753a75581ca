// SPDX-License-Identifier: BSD-2-Clause
#include "image/directory.hpp"

#include <sys/stat.h>

#include "image/failure.hpp"

namespace xar::image {
namespace {

// A directory's size counts "." and "..", which are not in the listing, as three.
constexpr std::uint64_t kUnlisted = 3;

constexpr std::uint64_t kHeaderSize = sizeof(squashfs_dir_header);
constexpr std::uint64_t kEntrySize = sizeof(squashfs_dir_entry);
constexpr std::uint32_t kMaxRun = 256;

void read_name(MetadataCursor& in, std::size_t length, std::string& name) {
  require(length > 0 && length <= SQUASHFS_NAME_LEN);
  name.resize(length);
  in.read(std::as_writable_bytes(std::span(name.data(), length)));
}

// Says that a run begins `position` bytes into the listing, in that block, and
// with which name.
struct IndexEntry {
  std::uint32_t position = 0;
  std::uint32_t block = 0;
  std::string name;
};

void read_index_entry(MetadataCursor& in, IndexEntry& entry) {
  entry.position = in.take<std::uint32_t>();
  entry.block = in.take<std::uint32_t>();
  read_name(in, in.take<std::uint32_t>() + std::size_t{1}, entry.name);
}

// Whether the run that stands at `place` is where the index entry says.
bool leads_to(const IndexEntry& entry, const BlockStore& store, std::uint64_t offset,
              const MetadataPlace& place) {
  return store.superblock().directory_table_start + entry.block == place.position &&
         (offset + entry.position) % SQUASHFS_METADATA_SIZE == place.offset;
}

// Such a name would lead a path out of its directory.
bool is_misleading(std::string_view name) {
  return name == "." || name == ".." || name.find('/') != name.npos ||
         name.find('\0') != name.npos;
}

}  // namespace

DirectoryReader::DirectoryReader(const BlockStore& store, const Inode& directory)
    : store_(&store),
      index_(directory.rest),
      index_count_(directory.directory.index_count),
      first_offset_(directory.directory.offset),
      size_(directory.size > kUnlisted ? directory.size - kUnlisted : 0),
      listing_(store,
               {store.superblock().directory_table_start + directory.directory.block,
                directory.directory.offset}) {
  if (!S_ISDIR(directory.mode)) throw Failure(ENOTDIR);
}

bool DirectoryReader::next(Entry& entry) {
  if (run_left_ == 0 && !next_run()) return false;
  advance(kEntrySize);
  const auto offset = listing_.take<std::uint16_t>();
  // The difference to the run's number, signed.
  const auto number = static_cast<std::int16_t>(listing_.take<std::uint16_t>());
  const auto type = listing_.take<std::uint16_t>();
  const std::size_t length = listing_.take<std::uint16_t>() + std::size_t{1};
  advance(length);
  read_name(listing_, length, entry.name);
  require(!is_misleading(entry.name));
  entry.inode = run_block_ << 16 | offset;
  entry.number = run_number_ + static_cast<std::uint32_t>(number);
  entry.type = file_type(type);
  --run_left_;
  return true;
}

bool DirectoryReader::next_run() {
  if (position_ == size_) return false;
  advance(kHeaderSize);
  const auto count = listing_.take<std::uint32_t>();
  require(count < kMaxRun);
  run_left_ = count + 1;
  run_block_ = listing_.take<std::uint32_t>();
  run_number_ = listing_.take<std::uint32_t>();
  return true;
}

void DirectoryReader::advance(std::uint64_t bytes) {
  require(bytes <= size_ - position_);
  position_ += bytes;
}

void DirectoryReader::approach(std::string_view name) {
  approach_by_index([name](const IndexEntry& run) { return run.name > name; });
}

void DirectoryReader::approach(std::uint64_t position) {
  approach_by_index(
      [position](const IndexEntry& run) { return run.position > position; });
}

// Goes to the last run in the index before the first one that has `passed` what is
// looked for.
template <typename Passed>
void DirectoryReader::approach_by_index(Passed passed) {
  IndexEntry run;
  IndexEntry best;
  bool found = false;
  MetadataCursor in = index_;
  for (std::uint16_t i = 0; i < index_count_; ++i) {
    read_index_entry(in, run);
    if (passed(run)) break;
    std::swap(best, run);
    found = true;
  }
  if (found) jump(best.position, best.block);
}

void DirectoryReader::jump(std::uint32_t position, std::uint32_t block) {
  require(position <= size_);
  position_ = position;
  run_left_ = 0;
  // All blocks of a table but its last are full.
  const std::uint64_t offset = std::uint64_t{first_offset_} + position;
  listing_ = MetadataCursor(*store_, {store_->superblock().directory_table_start + block,
                                      offset % SQUASHFS_METADATA_SIZE});
}

void check_index(const BlockStore& store, const Inode& directory) {
  DirectoryReader reader(store, directory);
  MetadataCursor index = directory.rest;
  std::uint32_t left = directory.directory.index_count;
  IndexEntry run;
  const auto next_run = [&] {
    if (left > 0) read_index_entry(index, run);
  };
  next_run();
  Entry entry;
  std::string last;
  for (;;) {
    const bool indexed = left > 0 && reader.at_run() && run.position == reader.position();
    if (indexed)
      require(leads_to(run, store, directory.directory.offset, reader.place()));
    if (!reader.next(entry)) break;
    require(entry.name > last);
    if (indexed) {
      require(run.name > last && run.name <= entry.name);
      --left;
      next_run();
    }
    last = entry.name;
  }
  require(left == 0);
}

bool find_entry(const BlockStore& store, const Inode& directory, std::string_view name,
                Entry& entry) {
  DirectoryReader reader(store, directory);
  reader.approach(name);
  while (reader.next(entry)) {
    if (entry.name == name) {
      entry.next = 0;
      return true;
    }
    if (entry.name > name) return false;
  }
  return false;
}

}  // namespace xar::image
