// SPDX-License-Identifier: BSD-2-Clause
// Looking into an archive without mounting it or running anything: opening one,
// walking through what is in it, finding a path, and verifying all of it.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "xar/base/entry_counts.hpp"
#include "xar/base/fd.hpp"
#include "xar/header.hpp"
#include "xar/image.hpp"

namespace xar::inspect {

class File;

// An open archive. Safe to read from several threads.
struct Archive {
  std::filesystem::path path;  // as it was given to open_archive()
  base::Fd fd;
  std::uint64_t size = 0;  // of the whole file, in bytes
  header::Header header;
  image::Image image;

  // Opens the regular file at the path `name`, see find(); symlinks are followed. The
  // archive must outlive it. Throws base::Error as find() does, and if it is no regular
  // file.
  [[nodiscard]] File open(std::string_view name) const;
};

// Opens the archive at `path`. Throws base::Error as header::read and
// image::Image::open do, base::SystemError if the file cannot be opened.
Archive open_archive(const std::filesystem::path& path);

// A name in an image, and what it names.
struct Node {
  std::string path;  // from the image's root, without a leading slash; "" is the root
  image::Entry entry;
  struct stat status {};
};

// The node at `path`, which may have leading, trailing and repeated slashes and dots.
// Symlinks on the way are followed inside the image, the last one too if `follow` or if
// the path ends with a slash.
// Throws base::Error if there is no such path, or it leads out of the image.
Node find(const image::Image& image, std::string_view path, bool follow);

// Reads up to out.size() bytes of a regular file from `offset`, and returns how many
// there were: fewer only at the end of the file. Throws base::Error if they cannot be
// read.
std::size_t read(const image::Image& image, const Node& file, std::uint64_t offset,
                 std::span<std::byte> out);

// A regular file in an archive. Safe to read from several threads.
class File {
 public:
  // The image must outlive it.
  File(const image::Image& image, Node node) : image_(&image), node_(std::move(node)) {}

  [[nodiscard]] const Node& node() const { return node_; }
  [[nodiscard]] std::uint64_t size() const;  // in bytes

  // As inspect::read().
  std::size_t read(std::uint64_t offset, std::span<std::byte> out) const {
    return inspect::read(*image_, node_, offset, out);
  }
  // For callers that must not throw: sets `error`, and returns 0 if it does.
  std::size_t read(std::uint64_t offset, std::span<std::byte> out,
                   std::error_code& error) const noexcept;

  // Returns the whole content. Throws base::Error if it cannot be read, or has more than
  // `limit` bytes.
  [[nodiscard]] std::string read_all(std::uint64_t limit = 1 << 30) const;

 private:
  const image::Image* image_;
  Node node_;
};

// What stands in a directory, sorted bytewise by name. Throws base::Error if the image is
// corrupt or its names are not in ascending order.
std::vector<Node> children(const image::Image& image, const Node& directory);

// Goes through a node and all that is below it: a directory before its content, names
// sorted bytewise. Follows no symlink. Always ends, and never has more in memory than
// some names a level and a number for each inode that it has met. Throws base::Error if
// the image is corrupt: also for names that are not in ascending order, a directory that
// is its own ancestor or has two parents, a file with more names than its count of links
// says, more inodes than the image says it has, and more names than can be stored in it,
// as where directories share a listing.
class Walk {
 public:
  // `image` must outlive the walk.
  Walk(const image::Image& image, Node from);
  ~Walk();
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  // The next node, first the one that the walk begins with. Null at the end. Valid until
  // the next call.
  const Node* next();

  // How many levels below the first node the one that next() returned last is.
  [[nodiscard]] std::size_t depth() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

// Passes `from` and all that is below it to `visit`, in the order of a Walk and throwing
// as it does. What `visit` throws ends the walk.
void walk(const image::Image& image, const Node& from,
          const std::function<void(const Node&)>& visit);

// A symlink's target. Throws base::Error if the image is corrupt.
std::string read_link(const image::Image& image, const Node& link);

// What two images have at one path; null where one has nothing. The nodes live as long
// as the call to `visit`.
struct Difference {
  const Node* before = nullptr;
  const Node* after = nullptr;
  // What has changed, of "type", "content", "target", "device", "permissions", "owner",
  // "attributes", which are the extended ones, "links", which is whose further names a
  // file's names are, and, where times were to be compared, "time"; empty where there is
  // only one node.
  std::vector<std::string_view> aspects;
};

// How many bytes of content have been looked at.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

// Passes every path at which `before` and `after` differ to `visit`, sorted bytewise by
// their names. Calls `on_progress`, if it is not empty, as content is compared, each of
// the two archives' files counting once for both. Throws as walk() does, and what the
// two functions throw.
void compare(const image::Image& before, const image::Image& after, bool times,
             const std::function<void(const Difference&)>& visit,
             const std::function<void(const Progress&)>& on_progress = {});

// Compares the image's digest with the header's; false if the header has none. `tick`,
// if it is not empty, is told how many bytes have been read. Throws base::Error if they
// differ, or what `tick` throws.
bool verify_digest(const Archive& archive,
                   const std::function<void(std::uint64_t done)>& tick = {});

// Throws base::Error: `path` of the image cannot be read, `error` being an errno value.
[[noreturn]] void throw_unreadable(const image::Image& image, std::string_view path,
                                   int error);

// Throws base::Error: the image is damaged at `path`, which `fault` describes.
[[noreturn]] void throw_damaged(const image::Image& image, std::string_view path,
                                std::string_view fault);

// What a verification has found to be sound.
struct Verified {
  base::EntryCounts entries;        // the root aside
  std::uint64_t content_bytes = 0;  // decompressed, hard links counted once
  bool digest = false;              // the header has one, and the image matches it
};

// Reads the whole archive: the image's digest against the header's, every inode, every
// listing and its index, every symlink, every extended attribute, every block of every
// file but holes. What it finds sound can be listed, looked up, read, extracted and
// mounted, with one result here and by the kernel. Uses `threads` threads (0: one a core)
// and calls `on_progress`, if it is not empty, on the caller's; what it throws ends the
// verification. Throws base::Error for the first fault, saying where it is.
Verified verify(const Archive& archive, unsigned threads,
                const std::function<void(const Progress&)>& on_progress);

}  // namespace xar::inspect
