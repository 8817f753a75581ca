// SPDX-License-Identifier: BSD-2-Clause
#include "xar/extract.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

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
        destination_(directory, plan, options.replace),
        identities_(plan.directories.size()),
        attributes_(image, destination_, options.privileges),
        workers_(options.threads) {}

  Summary run() {
    make_directories();
    workers_.add([this] { write_some(); });
    if (options_.beside) workers_.add(options_.beside);
    workers_.run([this] { tick(); });
    make_links();
    set_attributes();
    if (options_.durable) destination_.sync();
    return summary();
  }

  // Whether there is anything that was not there before.
  [[nodiscard]] bool has_begun() const { return destination_.has_grown(); }

 private:
  using Batch = std::span<const Item>;

  void tick() const {
    if (options_.on_progress) options_.on_progress({done_, plan_.content_bytes});
  }

  void make_directories() {
    Cursor cursor(destination_, identities_);
    for (const Item& directory : std::span(plan_.directories).subspan(1)) {
      tick();
      destination_.make_directory(cursor.go_to(directory.parent), directory);
    }
  }

  // The next files that nobody writes yet. Empty at the end.
  Batch next_batch() {
    const std::scoped_lock lock(mutex_);
    const Batch left = Batch(plan_.files).subspan(begun_);
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    while (count < std::min(left.size(), kBatch) && bytes < kBatchBytes) {
      bytes += left[count++].size;
    }
    begun_ += count;
    return left.first(count);
  }

  // A batch of files. The next one goes below what this one adds.
  void write_some() {
    const Batch batch = next_batch();
    if (batch.empty()) return;
    workers_.add([this] { write_some(); });
    auto cursor = take_cursor();
    for (const Item& item : batch) {
      if (workers_.is_ending()) return;
      write(item, cursor->go_to(item.parent));
    }
    const std::scoped_lock lock(mutex_);
    cursors_.push_back(std::move(cursor));
  }

  // One a thread that writes, near to where it has been.
  std::unique_ptr<Cursor> take_cursor() {
    {
      const std::scoped_lock lock(mutex_);
      if (!cursors_.empty()) {
        auto cursor = std::move(cursors_.back());
        cursors_.pop_back();
        return cursor;
      }
    }
    return std::make_unique<Cursor>(destination_, std::as_const(identities_));
  }

  void write(const Item& item, int parent) {
    if (S_ISREG(item.mode)) return write_file(item, parent);
    if (S_ISLNK(item.mode)) {
      destination_.make_symlink(parent, item, target_of(item));
    } else if (!make_node(item, parent)) {
      ++devices_left_out_;
      return;
    }
    attributes_.set_at(parent, item);
  }

  void write_file(const Item& item, int parent) {
    const auto copy = std::make_shared<FileCopy>(image_, destination_, item,
                                                 destination_.make_file(parent, item));
    for (std::uint64_t piece = 1; piece < copy->pieces(); ++piece) {
      workers_.add(
          [this, copy, piece] { copy->write(piece, attributes_, done_, workers_); });
    }
    copy->write(0, attributes_, done_, workers_);
  }

  bool make_node(const Item& item, int parent) const {
    const bool is_device = S_ISBLK(item.mode) || S_ISCHR(item.mode);
    if (is_device && !options_.privileges) return false;
    if (destination_.make_node(parent, item)) return true;
    if (is_device) return false;
    throw base::Error("cannot create", destination_.shown(item),
                      "this file system has no pipes and sockets");
  }

  std::string target_of(const Item& link) const {
    inspect::Node node;
    node.path = plan_.path_of(link);
    node.entry.inode = link.inode;
    return inspect::read_link(image_, node);
  }

  void make_links() {
    Cursor to(destination_, std::as_const(identities_));
    Cursor from(destination_, std::as_const(identities_));
    for (const HardLink& link : plan_.links) {
      tick();
      const int parent = to.go_to(link.parent);
      const int parent_of_first = from.go_to(plan_.files[link.first].parent);
      if (destination_.make_hard_link(parent, link, parent_of_first)) continue;
      // The name it would be another of may be a device that was left out.
      if (devices_left_out_ == 0) {
        throw base::Error("cannot link", destination_.shown(plan_.files[link.first]),
                          "it is gone: extract again when nothing removes files");
      }
      ++devices_left_out_;
    }
  }

  // From the bottom up: a directory's time is that of its last entry, and its
  // permissions may keep even its owner out.
  void set_attributes() {
    Cursor cursor(destination_, std::as_const(identities_));
    for (std::size_t i = plan_.directories.size(); --i > 0;) {
      const Item& directory = plan_.directories[i];
      tick();
      const int parent = cursor.go_to(directory.parent);
      attributes_.set(destination_.open_directory(parent, directory).get(), directory);
    }
    if (owned_) attributes_.set(destination_.fd(), plan_.directories.front());
  }

  [[nodiscard]] Summary summary() const {
    const std::size_t names =
        plan_.directories.size() + plan_.files.size() + plan_.links.size();
    return {names - 1 - devices_left_out_, plan_.content_bytes, devices_left_out_,
            attributes_.owners_left_out(), attributes_.xattrs_left_out()};
  }

  const image::Image& image_;
  const Plan& plan_;
  const Options& options_;
  const bool owned_;
  Destination destination_;
  Identities identities_;
  Attributes attributes_;
  std::mutex mutex_;       // guards the two below
  std::size_t begun_ = 0;  // files that are written or being written
  std::vector<std::unique_ptr<Cursor>> cursors_;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::uint64_t> devices_left_out_ = 0;
  base::Workers workers_;
};

Plan plan_for(const image::Image& image, const Options& options) {
  return make_plan(image, options.paths, [&options] {
    if (options.on_progress) options.on_progress({});
  });
}

}  // namespace

Summary extract_into(const image::Image& image, const std::filesystem::path& directory,
                     const Options& options) {
  const Plan plan = plan_for(image, options);
  Extraction extraction(image, plan, directory, options.paths.empty(), options);
  try {
    return extraction.run();
  } catch (const base::Error& error) {
    if (!extraction.has_begun()) throw;
    throw base::Error(error.kind(), std::string(error.what()) + ": '" +
                                        base::printable(directory.native()) +
                                        "' is left incomplete");
  }
}

Summary extract_as(const image::Image& image, const std::filesystem::path& directory,
                   const Options& options) {
  const Plan plan = plan_for(image, options);
  StagingDirectory staging(directory);
  try {
    const Summary summary = Extraction(image, plan, staging.path(), true, options).run();
    staging.commit();
    return summary;
  } catch (const base::Error&) {
    throw;
  } catch (...) {
    // Cancelled: whoever did so does not want to wait.
    const std::filesystem::path left = staging.discard();
    if (!left.empty() && options.on_leftover) options.on_leftover(left);
    throw;
  }
}

}  // namespace xar::extract
