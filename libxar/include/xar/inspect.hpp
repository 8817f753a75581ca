// SPDX-License-Identifier: BSD-2-Clause
// Inspects archives without mounting or running anything: opens them, finds, reads,
// walks, compares and verifies.
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
  std::filesystem::path path;  // as passed to open_archive()
  base::Fd fd;
  std::uint64_t size = 0;  // of the whole file, in bytes
  header::Header header;
  image::Image image;

  // Opens the regular file at the path `name`, see find(); symlinks are followed. The
  // archive must outlive it. Throws base::Error as find() does, and if it is no regular
  // file.
  [[nodiscard]] File open(std::string_view name) const;
};

// Opens the archive at `path`. Throws base::Error as header::read() and
// image::Image::open(), and base::SystemError if the file cannot be opened.
Archive open_archive(const std::filesystem::path& path);

// A file of any type in an image, by one of its names.
struct Node {
  std::string path;  // from the image's root, without a leading slash; "" is the root
  image::Entry entry;
  struct stat status {};
};

// Returns the node at `path`, which may have leading, trailing and repeated slashes and
// dots. Follows symlinks inside the image; the last one only if `follow`, or if the path
// ends with a slash. Throws base::Error if there is no such path, or if it leads out of
// the image.
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

// Returns the entries of a directory, sorted bytewise by name. Throws base::Error if the
// image is damaged or the names in it are not in ascending order.
std::vector<Node> children(const image::Image& image, const Node& directory);

// Walks through a node and everything below it: a directory before its content, names
// sorted bytewise. Follows no symlink. Ends for every image. Memory use is some names per
// level, and a number for each inode. Throws base::Error if the image is damaged. That
// includes names that are not in ascending order, a directory that is its own ancestor or
// has two parents, a file with more names than its link count, more inodes than the
// superblock states, and more names than the image can store, as when directories share a
// listing.
class Walk {
 public:
  // `image` must outlive the walk.
  Walk(const image::Image& image, Node from);
  ~Walk();
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  // Returns the next node, at first the one that the walk begins with, or nullptr at the
  // end. The node is valid until the next call.
  const Node* next();

  // The depth of the node that next() has returned, below the first node.
  [[nodiscard]] std::size_t depth() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

// Calls `visit` with `from` and everything below it, in the order of a Walk. Throws as a
// Walk does. An exception from `visit` ends the walk.
void walk(const image::Image& image, const Node& from,
          const std::function<void(const Node&)>& visit);

// Returns a symlink's target. Throws base::Error if the image is damaged.
std::string read_link(const image::Image& image, const Node& link);

// A path at which two images differ. A node is null if its image has nothing there. The
// nodes are valid during the call to `visit`.
struct Difference {
  const Node* before = nullptr;
  const Node* after = nullptr;
  // What differs: "type", "content", "target", "device", "permissions", "owner",
  // "attributes" (the extended ones), "links" (which names are of one file), and "time"
  // if times are compared. Empty if a node is null.
  std::vector<std::string_view> aspects;
};

// How much of the content has been read, in bytes.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

// Calls `visit` with every path at which `before` and `after` differ, sorted bytewise by
// name. Calls `on_progress`, if not empty, while content is compared; a file that is
// compared with another one counts once. Throws as walk(), and what the two functions
// throw.
void compare(const image::Image& before, const image::Image& after, bool times,
             const std::function<void(const Difference&)>& visit,
             const std::function<void(const Progress&)>& on_progress = {});

// Compares the image's digest with the header's. Returns false if the header has none.
// Calls `tick`, if not empty, with the number of bytes read so far. Throws base::Error if
// they differ, and what `tick` throws.
bool verify_digest(const Archive& archive,
                   const std::function<void(std::uint64_t done)>& tick = {});

// Throws base::Error: `path` in the image cannot be read; `error` is an errno value.
[[noreturn]] void throw_unreadable(const image::Image& image, std::string_view path,
                                   int error);

// Throws base::Error: the image is damaged at `path`, which `fault` describes.
[[noreturn]] void throw_damaged(const image::Image& image, std::string_view path,
                                std::string_view fault);

// What verify() has found to be sound.
struct Verified {
  base::EntryCounts entries;        // without the root
  std::uint64_t content_bytes = 0;  // decompressed, hard links counted once
  bool digest = false;              // the header has a digest, and the image matches it
};

// Verifies the whole archive: the image's digest, every inode, every listing and its
// index, every symlink, every extended attribute, and every block that is no hole. A
// sound archive can be listed, looked up, read, extracted and mounted, with the same
// result here and by the kernel. Uses `threads` threads, or one per core if that is 0.
// Calls `on_progress`, if not empty, on the caller's thread; an exception from it ends
// the verification. Throws base::Error for the first fault, and says where it is.
Verified verify(const Archive& archive, unsigned threads,
                const std::function<void(const Progress&)>& on_progress);

}  // namespace xar::inspect
