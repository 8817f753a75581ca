// SPDX-License-Identifier: BSD-2-Clause
// Reading a SquashFS image at an offset in a file, whatever its compression,
// over libsquashfuse. The image is not trusted: what it says is checked before
// it is followed.
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

// Where an inode stands in the inode table: the block's position in the upper
// bits, the offset in the block in the lower 16 (SquashFS's inode reference).
using InodeReference = std::uint64_t;

// Instead of a reference where the image has none, see Image::list.
inline constexpr InodeReference kNoReference = ~InodeReference{0};

// Bytes of decompressed blocks that an image keeps at most, unless told otherwise.
inline constexpr std::size_t kDefaultCacheSize = std::size_t{64} << 20;

// One name in a directory.
struct Entry {
  std::string name;
  InodeReference inode = 0;
  std::uint32_t number = 0;  // the inode number
  mode_t type = 0;           // S_IFDIR and its like
  std::uint64_t next = 0;    // where a listing goes on after this entry
};

// Some of a file's content where it lies in memory, for as long as there is an owner;
// without one it lies there for good.
struct Piece {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};

// An open image. Every member function may be called from several threads at
// once. Those that return an `int` error give 0 or a positive errno value (EIO
// for a corrupt image) and throw nothing: they serve C callbacks.
class Image {
 public:
  // Opens the image at byte `offset` of `fd`, which it takes over. `name` is for
  // messages, `cache_size` how many bytes of decompressed blocks it keeps at most. Throws
  // Error if there is no SquashFS 4.0 image, if it is cut short, or its compression is
  // unknown.
  static Image open(base::Fd fd, std::uint64_t offset, std::filesystem::path name,
                    std::size_t cache_size = kDefaultCacheSize);

  Image(Image&&) noexcept;
  Image& operator=(Image&&) noexcept;
  ~Image();

  [[nodiscard]] InodeReference root() const;

  // What messages call the file, as it was given to open().
  [[nodiscard]] const std::filesystem::path& name() const;

  // When the image was made, in seconds since 1970.
  [[nodiscard]] std::uint32_t created() const;

  // Size in bytes of the image without its padding, and the name of its
  // compression ("zstd").
  [[nodiscard]] std::uint64_t bytes_used() const;
  // Bytes that were compressed together: a power of two from 4 KiB to 1 MiB.
  [[nodiscard]] std::uint32_t block_size() const;
  [[nodiscard]] std::string_view compression() const;

  // How many inodes the image says it has.
  [[nodiscard]] std::uint32_t inode_count() const;

  // The most bytes that all listings together can have, by what is stored of them. An
  // entry takes 8 bytes and its name.
  int listing_capacity(std::uint64_t& out) const;

  // Attributes as stat(2) shows them; st_ino is the image's inode number.
  int attributes(InodeReference inode, struct stat& out) const;

  // The fragment block that holds all of a small regular file's content, beside that of
  // others, which is then decompressed along with it. `out` stays empty for any other
  // inode.
  int fragment(InodeReference inode, std::optional<std::uint32_t>& out) const;

  // Has that fragment block at hand for when it is wanted. It need not exist.
  void prefetch_fragment(std::uint32_t fragment) const;

  // Finds `name` in a directory. `out` stays empty where there is none.
  int lookup(InodeReference directory, std::string_view name,
             std::optional<Entry>& out) const;

  // Passes the directory's entries from position `from` on to `visit`, which
  // returns false to stop. Position 0 is the first entry; the others come from
  // Entry::next. "." and ".." come first, with the image's numbers (the root is its
  // own parent); ".." has kNoReference, because the format knows no way up. A `visit`
  // that throws ends the listing with EIO.
  int list(InodeReference directory, std::uint64_t from,
           const std::function<bool(const Entry&)>& visit) const;

  // Whether looking up names finds what listing a directory shows: EIO if its index leads
  // elsewhere or its names are not in ascending order, bytewise.
  int check_index(InodeReference directory) const;

  // Whether the tables are where the kernel wants them before it mounts the image: EIO if
  // not, though all may be read that is in it.
  [[nodiscard]] int check_tables() const;

  // How many bytes of a regular file from `offset` on, at most `limit`, are zeros that
  // are stored as whole blocks' holes; 0 if data begins there or the file ends.
  int hole(InodeReference file, std::uint64_t offset, std::uint64_t limit,
           std::uint64_t& out) const;

  // Reads up to out.size() bytes of a regular file from `offset`; `got` says how
  // many there were, fewer only at the end of the file.
  int read(InodeReference file, std::uint64_t offset, std::span<std::byte> out,
           std::size_t& got) const;

  // The same without copying: `out` is the content in order, in one piece a block or
  // more, together at most `size` bytes, fewer only at the end of the file.
  int pieces(InodeReference file, std::uint64_t offset, std::size_t size,
             std::vector<Piece>& out) const;

  // Has the kernel read from the disk, in the background, what is wanted first: the
  // tables, and all of a small image.
  void read_ahead() const;

  // Has `call` called by each thread that is about to decompress content, or to wait for
  // another that does, which takes far longer than all else. It must not throw. Not while
  // other threads use the image.
  void before_decompressing(std::function<void()> call);

  // Once somebody writes to the image's file, all that would be read from it fails with
  // EIO, until the file has its first content again. Where size or times have changed,
  // `same` says whether that is so; it is called by a thread that reads, while the others
  // wait, with the open file, where the image begins in it, and how many bytes the file
  // had behind that. Without it, other sizes and modification times are other content.
  // Not while other threads use the image.
  void compare_content(
      std::function<bool(int fd, std::uint64_t offset, std::uint64_t size)> same);

  // Whether reading fails because the file has been written to.
  [[nodiscard]] bool is_overwritten() const;

  // Gives back the memory of everything that can be read again.
  void drop_caches() const;

  // The target of a symlink.
  int read_link(InodeReference link, std::string& out) const;

  // Whether anything in the image has extended attributes.
  [[nodiscard]] bool has_xattrs() const;

  // The names of an inode's extended attributes, with their prefixes ("user.mime"), in
  // the image's order. Those of other prefixes than "user.", "trusted." and "security."
  // are left out. E2BIG where they are more than listxattr(2) can tell.
  int xattr_names(InodeReference inode, std::vector<std::string>& out) const;

  // The value of an extended attribute, at most 64 KiB of any bytes. `out` stays empty
  // where the inode has none of that name.
  int xattr_value(InodeReference inode, std::string_view name,
                  std::optional<std::string>& out) const;

  // The number of the set of extended attributes that an inode has, which it may share
  // with others. `out` stays empty where it has none.
  int xattr_set(InodeReference inode, std::optional<std::uint32_t>& out) const;

  // Passes each extended attribute of an inode and its value to `visit`, which returns
  // false to stop and must not throw. Names as xattr_names() gives them.
  int xattrs(InodeReference inode,
             const std::function<bool(const std::string& name, std::string_view value)>&
                 visit) const;

  // Sizes and counts as statvfs(3) shows them, nothing being free.
  [[nodiscard]] struct statvfs statistics() const;

 private:
  class State;
  explicit Image(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace xar::image
