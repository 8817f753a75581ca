// SPDX-License-Identifier: BSD-2-Clause
// Reads a SquashFS image of any compression at an offset in a file, by libsquashfuse. The
// image is not trusted: every number in it is checked before it is used.
#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xar/base/fd.hpp"

namespace xar::image {

// A SquashFS inode reference: the position of the inode's metadata block in the inode
// table, and in the lower 16 bits the offset in the block.
using InodeReference = std::uint64_t;

// Stands for a reference that the image does not have, see Image::list().
inline constexpr InodeReference kNoReference = ~InodeReference{0};

// The default limit of an image's cache of decompressed blocks, in bytes.
inline constexpr std::size_t kDefaultCacheSize = std::size_t{64} << 20;

// An entry of a directory.
struct Entry {
  std::string name;
  InodeReference inode = 0;
  std::uint32_t number = 0;  // the inode number
  mode_t type = 0;           // S_IFDIR, S_IFREG, ...
  std::uint64_t next = 0;    // the position that continues a listing after this entry
};

// An open image. All member functions may be called from several threads at once. Those
// that return an `int` return 0 or a positive errno value, EIO for a damaged image, and
// throw nothing, because C callbacks call them.
class Image {
 public:
  // Opens the image at byte `offset` of `fd`, which it takes over. Messages call the file
  // `name`. `cache_size` limits the cache of decompressed blocks, in bytes. Throws
  // base::Error if there is no SquashFS 4.0 image, if it is cut short, or if its
  // compression is unknown.
  static Image open(base::Fd fd, std::uint64_t offset, std::filesystem::path name,
                    std::size_t cache_size = kDefaultCacheSize);

  Image(Image&&) noexcept;
  Image& operator=(Image&&) noexcept;
  ~Image();

  [[nodiscard]] InodeReference root() const;

  // The name that was passed to open().
  [[nodiscard]] const std::filesystem::path& name() const;

  // The time of the image, in seconds since 1970.
  [[nodiscard]] std::uint32_t created() const;

  // The size of the image without its padding, in bytes.
  [[nodiscard]] std::uint64_t bytes_used() const;
  // The size of a data block in bytes: a power of two from 4 KiB to 1 MiB.
  [[nodiscard]] std::uint32_t block_size() const;
  // The name of the compression: "zstd".
  [[nodiscard]] std::string_view compression() const;

  // The number of inodes that the superblock states.
  [[nodiscard]] std::uint32_t inode_count() const;

  // The upper bound of the sizes of all listings together, in bytes, derived from what is
  // stored of them. An entry has 8 bytes and its name.
  int listing_capacity(std::uint64_t& out) const;

  // The attributes as stat(2) shows them; st_ino is the image's inode number.
  int attributes(InodeReference inode, struct stat& out) const;

  // Finds `name` in a directory. `out` stays empty if there is no such entry.
  int lookup(InodeReference directory, std::string_view name,
             std::optional<Entry>& out) const;

  // Calls `visit` with each entry of the directory from position `from` on, until `visit`
  // returns false. Position 0 is the first entry; Entry::next has the others. "." and
  // ".." come first, with the image's inode numbers; the root is its own parent. ".." has
  // kNoReference, because the format has no references to parents. If `visit` throws, the
  // listing ends with EIO.
  int list(InodeReference directory, std::uint64_t from,
           const std::function<bool(const Entry&)>& visit) const;

  // Checks that lookups find every name of a directory: returns EIO if its index leads
  // elsewhere, or if its names are not in ascending order, bytewise.
  int check_index(InodeReference directory) const;

  // Checks that the kernel would mount the image: returns EIO if the tables are not where
  // the kernel expects them, even if everything can be read here.
  [[nodiscard]] int check_tables() const;

  // Counts the bytes of a regular file from `offset` on, at most `limit`, that belong to
  // blocks stored as holes; 0 if data begins there or the file ends.
  int hole(InodeReference file, std::uint64_t offset, std::uint64_t limit,
           std::uint64_t& out) const;

  // Reads up to out.size() bytes of a regular file from `offset`. `got` is the number of
  // bytes read, fewer only at the end of the file.
  int read(InodeReference file, std::uint64_t offset, std::span<std::byte> out,
           std::size_t& got) const;

  // The target of a symlink.
  int read_link(InodeReference link, std::string& out) const;

  // Whether anything in the image has extended attributes.
  [[nodiscard]] bool has_xattrs() const;

  // The names of an inode's extended attributes with their prefixes, as "user.mime", in
  // the image's order. Leaves out those of other prefixes than "user.", "trusted." and
  // "security.". Returns E2BIG if listxattr(2) could not return them all.
  int xattr_names(InodeReference inode, std::vector<std::string>& out) const;

  // The value of an extended attribute: at most 64 KiB, any bytes. `out` stays empty if
  // the inode has none of that name.
  int xattr_value(InodeReference inode, std::string_view name,
                  std::optional<std::string>& out) const;

  // The number of the inode's set of extended attributes. Inodes may share a set. `out`
  // stays empty if the inode has none.
  int xattr_set(InodeReference inode, std::optional<std::uint32_t>& out) const;

  // Calls `visit` with each extended attribute of an inode and its value, until `visit`
  // returns false. `visit` must not throw. Names are as xattr_names() returns them.
  int xattrs(InodeReference inode,
             const std::function<bool(const std::string& name, std::string_view value)>&
                 visit) const;

  // Sizes and counts as statvfs(3) shows them; nothing is free.
  [[nodiscard]] struct statvfs statistics() const;

 private:
  friend class Serving;  // xar/image/serving.hpp
  class State;
  explicit Image(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace xar::image
