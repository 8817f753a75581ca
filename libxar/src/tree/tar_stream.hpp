// SPDX-License-Identifier: BSD-2-Clause
// A tar stream, compressed or not, member by member, over libarchive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "xar/tree.hpp"

struct archive;
struct archive_entry;

namespace xar::tree {

// A member without its content. Of its inode, all but content and entries is filled in.
struct TarMember {
  std::string path;                   // as it is written
  std::optional<std::string> linked;  // the path of the member that this is a link to
  std::shared_ptr<Inode> inode;       // permissions as a file without its list has them
  std::uint64_t size = 0;             // of its content
  bool has_acl = false;
  std::optional<std::string> warning;  // what of it could not be read
};

class TarStream {
 public:
  // Reads from `fd` (borrowed). `name` is for messages. Throws base::Error.
  TarStream(int fd, std::filesystem::path name);
  ~TarStream();
  TarStream(const TarStream&) = delete;
  TarStream& operator=(const TarStream&) = delete;

  // The next member; nothing at the end. Without `xattrs` its extended attributes are
  // left out. Throws base::Error if the stream is damaged, or cut short.
  std::optional<TarMember> next(bool xattrs);

  // Passes the content of the member that next() has returned to `write`, but not its
  // holes: ascending offsets, all within its size. Throws as next(), and what `write`
  // throws.
  void read_content(std::uint64_t size,
                    const std::function<void(std::uint64_t offset,
                                             std::span<const std::byte> bytes)>& write);

  // Reads what is behind the last member, so that who writes to a pipe can end.
  void drain(const std::function<void()>& meanwhile) const;

 private:
  class Locale;

  [[noreturn]] void fail() const;
  void fill(TarMember& member, archive_entry& entry, bool xattrs) const;

  int fd_;
  std::filesystem::path name_;
  std::unique_ptr<Locale> locale_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

}  // namespace xar::tree
