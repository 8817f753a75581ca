// SPDX-License-Identifier: BSD-2-Clause
// SquashFS images made field by field, with what no writer would write in them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xar/base/bytes.hpp"

namespace xar::test {

// Metadata is stored uncompressed, and no file has content but zeros.
class CraftedImage {
 public:
  struct Node {
    std::uint64_t reference = 0;
    std::uint16_t type = 0;
    std::uint32_t number = 0;
  };
  struct Name {
    std::string name;
    Node node;
  };
  // Where a listing is in the directory table.
  struct Listing {
    std::uint32_t block = 0;
    std::uint16_t offset = 0;
    std::uint32_t size = 0;
  };
  // An entry of a directory's index: which name a run that is that far into the listing,
  // in that block, begins with.
  struct IndexEntry {
    std::uint32_t position = 0;
    std::uint32_t block = 0;
    std::string name;
  };
  struct File {
    std::uint64_t size = 0;
    std::uint64_t sparse = 0;
    std::uint32_t links = 1;
    std::uint32_t xattrs = UINT32_MAX;  // the number of a set
    std::optional<std::uint32_t> number = {};
  };

  // A file of zeros, as many blocks of 128 KiB as its size takes.
  Node file(const File& file);
  Node symlink(const std::string& target, std::optional<std::uint32_t> size = {});
  // In runs of `run` names. The names are written in the order in which they are given.
  Listing listing(const std::vector<Name>& names, std::size_t run = 256);
  Node directory(const Listing& listing, const std::vector<IndexEntry>& index = {});
  // Sets of extended attributes: their bytes, and each one's offset and count.
  struct Set {
    std::uint64_t offset = 0;
    std::uint32_t count = 0;
  };
  void xattrs(base::Bytes bytes, std::vector<Set> sets);
  void claim_inodes(std::uint32_t count) { claimed_inodes_ = count; }

  // The image with that root.
  [[nodiscard]] base::Bytes bytes(const Node& root) const;
  // An archive of it, without a digest.
  void write_archive(const Node& root, const std::filesystem::path& path) const;

 private:
  Node begin_inode(std::uint16_t type, std::optional<std::uint32_t> number = {});

  base::Bytes inodes_;
  base::Bytes listings_;
  base::Bytes xattr_bytes_;
  std::vector<Set> xattr_sets_;
  std::uint32_t numbers_ = 0;
  std::optional<std::uint32_t> claimed_inodes_;
};

// An archive of an image, without a digest.
void write_archive(base::ByteView image, const std::filesystem::path& path);

// An attribute "user.NAME" as it is stored.
base::Bytes stored_xattr(const std::string& name, const std::string& value);

}  // namespace xar::test
