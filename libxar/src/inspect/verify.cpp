// SPDX-License-Identifier: BSD-2-Clause
#include <strings.h>

#include <algorithm>
#include <atomic>
#include <unordered_set>
#include <vector>

#include "inspect/fault.hpp"
#include "xar/base/bytes.hpp"
#include "xar/base/error.hpp"
#include "xar/base/workers.hpp"
#include "xar/digest.hpp"
#include "xar/inspect.hpp"

namespace xar::inspect {
namespace {

// Bytes of content that one thread reads before it looks for other work, a multiple
// of every block size; small files are taken together until they have as many.
constexpr std::uint64_t kPiece = 4 << 20;
// A file's size is the image's word: however large, it is cut into no more pieces.
constexpr std::uint64_t kMaxPieces = 4096;
constexpr std::size_t kBuffer = 1 << 20;

std::uint64_t piece_size(std::uint64_t file_size) {
  const std::uint64_t least = file_size / kMaxPieces + 1;
  return (least + kPiece - 1) / kPiece * kPiece;
}

// A part of a file's content.
struct Piece {
  std::string path;
  image::InodeReference inode = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// From the image's beginning to the file's end, which is what the digest is of.
std::uint64_t image_size(const Archive& archive) {
  return archive.size - archive.header.offset;
}

class Verification {
 public:
  Verification(const Archive& archive, unsigned threads)
      : archive_(archive), workers_(threads) {}

  Verified run(const std::function<void(const Progress&)>& on_progress) {
    plan();
    add_digest();
    workers_.run([&] {
      if (on_progress) on_progress({done_, total_});
    });
    return verified_;
  }

 private:
  void plan() {
    const Node root = find(archive_.image, "", false);
    walk(archive_.image, root, [this](const Node& node) { take(node); });
    add_batch();
    if (verified_.files > 0) --verified_.files;  // the root
  }

  void take(const Node& node) {
    ++verified_.files;
    if (S_ISLNK(node.status.st_mode)) read_link(archive_.image, node);
    if (!S_ISREG(node.status.st_mode)) return;
    if (node.status.st_nlink > 1 && !seen_.insert(node.entry.inode).second) return;
    const auto size = static_cast<std::uint64_t>(node.status.st_size);
    if (size > INT64_MAX)
      throw_damaged(archive_.image, node.path, "has no possible size");
    verified_.content_bytes += size;
    const std::uint64_t piece = piece_size(size);
    for (std::uint64_t at = 0; at < size; at += piece) {
      batch_.push_back({node.path, node.entry.inode, at, std::min(piece, size - at)});
      batch_bytes_ += batch_.back().size;
      if (batch_bytes_ >= kPiece) add_batch();
    }
  }

  void add_batch() {
    total_ += batch_bytes_;
    batch_bytes_ = 0;
    workers_.add([this, batch = std::exchange(batch_, {})] {
      base::Bytes buffer(kBuffer);
      for (const Piece& piece : batch) read(piece, buffer);
    });
  }

  void read(const Piece& piece, base::Bytes& buffer) {
    for (std::uint64_t at = 0; at < piece.size;) {
      const auto wanted = std::span(buffer).first(static_cast<std::size_t>(
          std::min<std::uint64_t>(buffer.size(), piece.size - at)));
      std::size_t got = 0;
      const int error = archive_.image.read(piece.inode, piece.offset + at, wanted, got);
      if (error != 0) throw_unreadable(archive_.image, piece.path, error);
      at += wanted.size();
      done_ += wanted.size();
    }
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
  base::Workers workers_;
  std::unordered_set<image::InodeReference> seen_;
  std::vector<Piece> batch_;
  std::uint64_t batch_bytes_ = 0;
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  Verified verified_;
};

}  // namespace

bool verify_digest(const Archive& archive,
                   const std::function<void(std::uint64_t done)>& tick) {
  if (!archive.header.image_sha256) return false;
  constexpr std::uint64_t kStep = 1 << 20;
  const std::uint64_t size = image_size(archive);
  std::uint64_t done = 0;
  const auto count = [&] {
    if (tick) tick(done);
    done = std::min(done + kStep, size);
  };
  const std::string digest =
      digest::sha256(archive.fd.get(), archive.header.offset, size, archive.path, count);
  if (tick) tick(size);
  if (::strcasecmp(digest.c_str(), archive.header.image_sha256->c_str()) == 0)
    return true;
  throw base::Error("damaged", archive.path,
                    "its content is not what was built: copy or build the file again");
}

Verified verify(const Archive& archive, unsigned threads,
                const std::function<void(const Progress&)>& on_progress) {
  return Verification(archive, threads).run(on_progress);
}

}  // namespace xar::inspect
