// SPDX-License-Identifier: BSD-2-Clause
// The order of an image: superblock, compressor options, file content, inode table,
// directory table, fragment table, export table, id table, xattr table. The superblock
// is written last, when all positions are known.
#include <bit>
#include <memory>
#include <string>
#include <thread>

#include "squashfs/block_pipeline.hpp"
#include "squashfs/data_writer.hpp"
#include "squashfs/format.hpp"
#include "squashfs/output.hpp"
#include "squashfs/superblock.hpp"
#include "squashfs/survey.hpp"
#include "squashfs/tables.hpp"
#include "squashfs/tree_writer.hpp"
#include "xar/base/error.hpp"
#include "xar/base/workers.hpp"
#include "xar/blocks.hpp"
#include "xar/squashfs.hpp"

namespace xar::squashfs {
namespace {

void validate(const Options& options) {
  if (!std::has_single_bit(options.block_size) || options.block_size < kMinBlockSize ||
      options.block_size > kMaxBlockSize) {
    throw base::Error("bad block size", std::to_string(options.block_size),
                      "expected a power of two from 4K to 1M");
  }
  if (options.level < kMinLevel || options.level > kMaxLevel) {
    throw base::Error("bad zstd level", std::to_string(options.level),
                      "expected 1 to 22");
  }
  if (options.threads > kMaxThreads) {
    throw base::Error("bad number of threads", std::to_string(options.threads),
                      "expected at most 1024");
  }
}

// One image from its first byte to its last.
class ImageWriter {
 public:
  ImageWriter(Output& output, const Options& options)
      : output_(output),
        options_(options),
        metadata_compressor_(
            Compressor::for_metadata(options.level, [this] { tick(); })) {
    superblock_.mtime = options.mtime;
    superblock_.block_size = options.block_size;
  }

  Summary write(const tree::Tree& tree) {
    Survey found = survey(tree, options_.block_size, [this] { tick(); });
    put_in_packing_order(found.files, options_.priorities, [this] { tick(); });
    content_bytes_ = found.content_bytes;  // not before: nothing of it is done yet
    output_.skip(format::kSuperblockSize);
    write_compressor_options();
    write_content(found);
    write_tree(tree);
    superblock_.bytes_used = output_.position();
    pad();
    output_.write_at(0, encode(superblock_));
    return {found.entries, found.content_bytes, duplicate_bytes_, cached_bytes_,
            output_.position()};
  }

 private:
  // Gives the caller an opportunity to cancel what goes on before and after the content.
  void tick() const {
    if (options_.on_progress) options_.on_progress({content_bytes_, content_bytes_});
  }

  void write_compressor_options() {
    if (options_.level == format::kImpliedLevel) return;
    superblock_.flags |= format::kFlagCompressorOptions;
    base::Bytes block;
    base::append_le<std::uint16_t>(block,
                                   sizeof(std::uint32_t) | format::kStoredMetadata);
    base::append_le(block, static_cast<std::uint32_t>(options_.level));
    output_.append(block);
  }

  void write_content(const Survey& found) {
    const unsigned threads =
        options_.threads > 0 ? options_.threads : base::usable_cores();
    const auto cache = open_cache();
    DataWriter* writer = nullptr;  // which the pipeline is there before
    BlockPipeline pipeline(threads, options_.level, options_.block_size, cache,
                           [&writer] { writer->report(); });
    DataWriter data(output_, pipeline, options_, found.content_bytes);
    writer = &data;
    layouts_.reserve(found.files.size());
    for (const PackedFile& file : found.files) data.write(file, layouts_[file.inode]);
    data.finish();
    duplicate_bytes_ = data.duplicate_bytes();
    cached_bytes_ = data.cached_bytes();
    if (cache) cache->trim([this] { tick(); });

    for (const FragmentBlock& fragment : data.fragments()) {
      base::append_le(fragment_entries_, fragment.start);
      base::append_le(fragment_entries_, fragment.size);
      base::append_le(fragment_entries_, std::uint32_t{0});
    }
    superblock_.fragments = static_cast<std::uint32_t>(data.fragments().size());
    if (data.fragments().empty()) superblock_.flags |= format::kFlagNoFragments;
  }

  [[nodiscard]] std::shared_ptr<blocks::PackedCache> open_cache() const {
    if (options_.cache_folder.empty()) return nullptr;
    return std::make_shared<blocks::PackedCache>(
        options_.cache_folder, options_.cache_limit,
        Compressor::recipe(options_.level, options_.block_size));
  }

  void write_tree(const tree::Tree& tree) {
    TreeWriter writer(metadata_compressor_, layouts_);
    writer.write(tree);
    superblock_.inodes = static_cast<std::uint32_t>(writer.references().size());
    superblock_.root = writer.root();
    superblock_.ids = static_cast<std::uint16_t>(writer.ids().size());

    superblock_.inode_table = output_.position();
    output_.append(writer.inodes().finish());
    superblock_.directory_table = output_.position();
    output_.append(writer.directories().finish());
    if (!fragment_entries_.empty())
      superblock_.fragment_table = lookup_table(fragment_entries_);
    superblock_.export_table = lookup_table(encode_all(writer.references()));
    superblock_.id_table = lookup_table(encode_all(writer.ids()));
    if (writer.xattrs().empty()) return;
    superblock_.flags &= static_cast<std::uint16_t>(~format::kFlagNoXattrs);
    superblock_.xattr_table = writer.xattrs().write(output_, metadata_compressor_);
  }

  template <typename T>
  static base::Bytes encode_all(const std::vector<T>& numbers) {
    base::Bytes bytes;
    for (const T number : numbers) base::append_le(bytes, number);
    return bytes;
  }

  std::uint64_t lookup_table(const base::Bytes& entries) {
    return write_lookup_table(output_, metadata_compressor_, entries);
  }

  // Block devices, which loop mounts make of the file, come in whole pages.
  void pad() {
    const std::uint64_t beyond = output_.position() % format::kPadding;
    if (beyond != 0) output_.append(base::Bytes(format::kPadding - beyond));
  }

  Output& output_;
  const Options& options_;
  Compressor metadata_compressor_;
  Superblock superblock_;
  FileLayouts layouts_;
  base::Bytes fragment_entries_;
  std::uint64_t content_bytes_ = 0;
  std::uint64_t duplicate_bytes_ = 0;
  std::uint64_t cached_bytes_ = 0;
};

}  // namespace

Summary write_image(int fd, std::uint64_t offset, const std::filesystem::path& name,
                    const tree::Tree& tree, const Options& options) {
  validate(options);
  Output output(fd, offset, name);
  return ImageWriter(output, options).write(tree);
}

}  // namespace xar::squashfs
