// SPDX-License-Identifier: BSD-2-Clause
#include "xar/extract.hpp"

#include <sys/stat.h>

#include <atomic>
#include <memory>
#include <optional>
#include <ranges>

#include "extract/attributes.hpp"
#include "extract/destination.hpp"
#include "extract/file_copy.hpp"
#include "extract/plan.hpp"
#include "extract/staging.hpp"
#include "xar/base/error.hpp"
#include "xar/base/workers.hpp"
#include "xar/inspect.hpp"

namespace xar::extract {
namespace {

// Files that one thread writes before it looks for other work, unless their content
// amounts to as much as this.
constexpr std::size_t kBatch = 64;
constexpr std::uint64_t kBatchBytes = 4 << 20;

class Extraction {
 public:
  // `owned`: whether `directory` itself is the image's root, made for it.
  Extraction(const image::Image& image, const Plan& plan,
             const std::filesystem::path& directory, bool owned, const Options& options)
      : image_(image),
        plan_(plan),
        options_(options),
        owned_(owned),
        destination_(directory),
        attributes_(image, destination_, options.privileges),
        workers_(options.threads) {}

  Summary run() {
    for (const Item& directory : plan_.directories) {
      if (!directory.path.empty()) destination_.make_directory(directory.path);
    }
    add_batches();
    if (options_.beside) workers_.add(options_.beside);
    workers_.run([this] {
      if (options_.on_progress) options_.on_progress({done_, plan_.content_bytes});
    });
    for (const HardLink& link : plan_.links) make_link(link);
    // From the bottom up: a directory's time is that of its last entry, and its
    // permissions may keep even its owner out.
    for (const Item& directory : std::views::reverse(plan_.directories)) {
      if (directory.path.empty() && !owned_) continue;
      attributes_.set(destination_.open_directory(directory.path).get(), directory);
    }
    if (options_.durable) destination_.sync();
    return summary();
  }

  // Whether there is anything that was not there before.
  [[nodiscard]] bool has_begun() const { return destination_.has_grown(); }

 private:
  using Batch = std::span<const Item>;

  void add_batches() {
    const Batch all(plan_.files);
    std::size_t begin = 0;
    std::uint64_t bytes = 0;
    for (std::size_t end = 1; end <= all.size(); ++end) {
      bytes += all[end - 1].size;
      if (end - begin < kBatch && bytes < kBatchBytes && end < all.size()) continue;
      workers_.add([this, batch = all.subspan(begin, end - begin)] { write(batch); });
      begin = end;
      bytes = 0;
    }
  }

  void write(Batch batch) {
    std::string_view parent;
    base::Fd fd;
    for (const Item& item : batch) {
      if (!fd || parent_of(item.path) != parent) {
        parent = parent_of(item.path);
        fd = destination_.open_directory(parent);
      }
      write(item, fd.get());
    }
  }

  void write(const Item& item, int parent) {
    if (S_ISREG(item.mode)) return write_file(item, parent);
    if (S_ISLNK(item.mode)) {
      destination_.make_symlink(parent, item.path, target_of(item));
    } else if (!make_node(item, parent)) {
      ++devices_left_out_;
      return;
    }
    attributes_.set_at(parent, item);
  }

  void write_file(const Item& item, int parent) {
    const auto copy = std::make_shared<FileCopy>(
        image_, item, destination_.make_file(parent, item.path),
        destination_.shown(item.path));
    for (std::uint64_t piece = 1; piece < copy->pieces(); ++piece) {
      workers_.add([this, copy, piece] { copy->write(piece, attributes_, done_); });
    }
    copy->write(0, attributes_, done_);
  }

  bool make_node(const Item& item, int parent) const {
    const bool is_device = S_ISBLK(item.mode) || S_ISCHR(item.mode);
    if (is_device && !options_.privileges) return false;
    if (destination_.make_node(parent, item)) return true;
    if (is_device) return false;
    throw base::Error("cannot create", destination_.shown(item.path),
                      "this file system has no pipes and sockets");
  }

  std::string target_of(const Item& link) const {
    inspect::Node node;
    node.path = link.path;
    node.entry.inode = link.inode;
    return inspect::read_link(image_, node);
  }

  // The name it would be another of may be a device that was left out.
  void make_link(const HardLink& link) {
    try {
      destination_.make_hard_link(link.path, link.first);
    } catch (const base::SystemError& error) {
      if (error.number() != ENOENT || devices_left_out_ == 0) throw;
      ++devices_left_out_;
    }
  }

  [[nodiscard]] Summary summary() const {
    const std::size_t names =
        plan_.directories.size() + plan_.files.size() + plan_.links.size();
    constexpr std::size_t kRoot = 1;
    return {names - kRoot - devices_left_out_, plan_.content_bytes, devices_left_out_,
            attributes_.owners_left_out(), attributes_.xattrs_left_out()};
  }

  const image::Image& image_;
  const Plan& plan_;
  const Options& options_;
  const bool owned_;
  Destination destination_;
  Attributes attributes_;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::uint64_t> devices_left_out_ = 0;
  base::Workers workers_;
};

}  // namespace

Summary extract_into(const image::Image& image, const std::filesystem::path& directory,
                     const Options& options) {
  const Plan plan = make_plan(image, options.paths);
  Extraction extraction(image, plan, directory, options.paths.empty(), options);
  try {
    return extraction.run();
  } catch (const base::Error& error) {
    if (!extraction.has_begun()) throw;
    throw base::Error(std::string(error.what()) + ": '" +
                          base::printable(directory.native()) + "' is left incomplete",
                      error.exit_status());
  }
}

Summary extract_as(const image::Image& image, const std::filesystem::path& directory,
                   const Options& options) {
  const Plan plan = make_plan(image, options.paths);
  StagingDirectory staging(directory);
  const Summary summary = Extraction(image, plan, staging.path(), true, options).run();
  staging.commit();
  return summary;
}

}  // namespace xar::extract
