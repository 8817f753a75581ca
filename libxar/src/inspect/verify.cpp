// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/workers.hpp"
#include "xar/digest.hpp"
#include "xar/image/serving.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

// Bytes of content that one thread reads before it looks for other work, a multiple
// of every block size; small files are taken together until they have as many.
constexpr std::uint64_t kPiece = 4 << 20;
constexpr std::uint64_t kStep = 1 << 20;

// A regular file whose content is to be read. Of many files there are as many of these,
// so that they have no paths.
struct File {
  image::InodeReference inode = 0;
  std::uint64_t size = 0;
};

// From the image's beginning to the file's end, which is what the digest is of.
std::uint64_t image_size(const Archive& archive) {
  return archive.size - archive.header.offset;
}

// What of a node is not looked at in order to read it, but by the kernel, or by whoever
// wants more of it.
class NodeCheck {
 public:
  explicit NodeCheck(const image::Image& image) : image_(image) {}

  void run(const Node& node) {
    check_number(node);
    if (node.entry.type != (node.status.st_mode & S_IFMT)) {
      throw_damaged(image_, node.path, "is of another type than its directory says");
    }
    if (S_ISLNK(node.status.st_mode)) read_link(image_, node);
    if (S_ISDIR(node.status.st_mode) && image_.check_index(node.entry.inode) != 0) {
      throw_damaged(image_, node.path, "has its names or their index out of order");
    }
    check_xattrs(node);
  }

 private:
  // The kernel keeps inodes by the numbers that directories give them.
  void check_number(const Node& node) {
    const auto number = static_cast<std::uint32_t>(node.status.st_ino);
    if (number == 0 || node.entry.number != number) {
      throw_damaged(image_, node.path, "has no inode number, or two");
    }
    const auto [known, is_new] = by_number_.try_emplace(number, node.entry.inode);
    if (!is_new && known->second != node.entry.inode) {
      throw_damaged(image_, node.path, "has another file's inode number");
    }
  }

  void check_xattrs(const Node& node) {
    if (!image_.has_xattrs()) return;
    std::optional<std::uint32_t> set;
    int error = image_.xattr_set(node.entry.inode, set);
    if (error == 0 && (!set || !checked_sets_.insert(*set).second)) return;
    const auto pass = [](const std::string&, std::string_view) { return true; };
    if (error == 0) error = image_.xattrs(node.entry.inode, pass);
    if (error == 0) return;
    throw_damaged(image_, node.path, "has extended attributes that cannot be read");
  }

  const image::Image& image_;
  std::unordered_map<std::uint32_t, image::InodeReference> by_number_;
  std::unordered_set<std::uint32_t> checked_sets_;
};

class Verification {
 public:
  Verification(const Archive& archive, unsigned threads,
               const std::function<void(const Progress&)>& on_progress)
      : archive_(archive), on_progress_(on_progress), workers_(threads) {}

  Verified run() {
    plan();
    workers_.add([this] { work(); });
    add_digest();
    workers_.run([this] { tick(); });
    return verified_;
  }

 private:
  void tick() const {
    if (on_progress_) on_progress_({done_, total_});
  }

  void plan() {
    if (archive_.image.check_tables() != 0) {
      throw base::Error(base::Errc::kDamaged, "damaged image", archive_.path,
                        "its tables are out of place: copy or build the file again");
    }
    NodeCheck check(archive_.image);
    Walk walk(archive_.image, find(archive_.image, "", false));
    while (const Node* node = walk.next()) {
      tick();
      check.run(*node);
      take(*node);
    }
  }

  void take(const Node& node) {
    if (!node.path.empty()) verified_.entries.add(node.status.st_mode);
    if (!S_ISREG(node.status.st_mode)) return;
    if (node.status.st_nlink > 1 && !seen_.insert(node.entry.inode).second) return;
    const auto size = static_cast<std::uint64_t>(node.status.st_size);
    if (size > INT64_MAX || size > INT64_MAX - verified_.content_bytes) {
      throw_damaged(archive_.image, node.path, "has no possible size");
    }
    verified_.content_bytes += size;
    total_ += size;
    if (size > 0) files_.push_back({node.entry.inode, size});
  }

  // Some of what is left to be read. The next thread is let in first.
  void work() {
    const std::vector<Piece> batch = next_batch();
    if (batch.empty()) return;
    workers_.add([this] { work(); });
    for (const Piece& piece : batch) read(piece);
  }

  // A part of a file's content.
  struct Piece {
    image::InodeReference inode = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };

  // Passes holes over, however large.
  std::vector<Piece> next_batch() {
    const std::scoped_lock lock(mutex_);
    std::vector<Piece> batch;
    for (std::uint64_t bytes = 0; bytes < kPiece && at_ < files_.size();) {
      const File& file = files_[at_];
      const std::uint64_t hole = hole_at(file, offset_);
      done_ += hole;
      offset_ += hole;
      const std::uint64_t size = std::min(file.size - offset_, kPiece - bytes);
      if (size > 0) batch.push_back({file.inode, offset_, size});
      bytes += size;
      offset_ += size;
      if (offset_ < file.size) continue;
      ++at_;
      offset_ = 0;
    }
    return batch;
  }

  std::uint64_t hole_at(const File& file, std::uint64_t offset) const {
    // A small file is read sooner than it is asked about.
    if (file.size <= kStep) return 0;
    std::uint64_t hole = 0;
    const int error = archive_.image.hole(file.inode, offset, file.size - offset, hole);
    if (error != 0) throw_unreadable(archive_.image, path_of(file.inode), error);
    return hole;
  }

  void read(const Piece& piece) {
    std::vector<image::Piece> content;
    for (std::uint64_t at = 0; at < piece.size && !workers_.is_ending();) {
      const auto wanted = static_cast<std::size_t>(std::min(kStep, piece.size - at));
      const int error = image::Serving(archive_.image)
                            .pieces(piece.inode, piece.offset + at, wanted, content);
      if (error != 0) throw_unreadable(archive_.image, path_of(piece.inode), error);
      at += wanted;
      done_ += wanted;
    }
  }

  // Only for an error: to keep all paths would take more memory than the image.
  std::string path_of(image::InodeReference inode) const {
    Walk walk(archive_.image, find(archive_.image, "", false));
    while (const Node* node = walk.next()) {
      if (node->entry.inode == inode) return node->path;
    }
    return "";
  }

  // The digest is one long computation: begun first, it runs beside all others.
  void add_digest() {
    if (!archive_.header.image_sha256) return;
    total_ += image_size(archive_);
    workers_.add([this, counted = std::uint64_t{0}]() mutable {
      verified_.digest = verify_digest(archive_, [&](std::uint64_t done) {
        done_ += done - counted;
        counted = done;
      });
    });
  }

  const Archive& archive_;
  const std::function<void(const Progress&)>& on_progress_;
  base::Workers workers_;
  std::unordered_set<image::InodeReference> seen_;
  std::vector<File> files_;
  std::mutex mutex_;          // guards the two below
  std::size_t at_ = 0;        // the file that is being read
  std::uint64_t offset_ = 0;  // how far
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  Verified verified_;
};

}  // namespace

bool verify_digest(const Archive& archive,
                   const std::function<void(std::uint64_t done)>& tick) {
  if (!archive.header.image_sha256) return false;
  const std::uint64_t size = image_size(archive);
  std::uint64_t done = 0;
  const auto count = [&] {
    if (tick) tick(done);
    done = std::min(done + kStep, size);
  };
  const std::string digest =
      digest::sha256(archive.fd.get(), archive.header.offset, size, archive.path, count);
  if (tick) tick(size);
  if (digest == *archive.header.image_sha256) return true;
  throw base::Error("damaged", archive.path,
                    "its content is not what was built: copy or build the file again");
}

Verified verify(const Archive& archive, unsigned threads,
                const std::function<void(const Progress&)>& on_progress) {
  return Verification(archive, threads, on_progress).run();
}

}  // namespace xar::inspect
