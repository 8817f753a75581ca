// SPDX-License-Identifier: BSD-2-Clause
// What an extraction will write, known before it writes anything: a corrupt image or a
// wrong path is found out while there is nothing to clean up. Names stand in it by their
// directories: to have every path would take more memory than the image, where
// directories are deep.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "xar/image.hpp"

namespace xar::extract {

// A directory of a plan, by its place in Plan::directories.
using DirectoryIndex = std::uint32_t;

// The destination.
inline constexpr DirectoryIndex kRoot = 0;

// Everything about one name but its content.
struct Item {
  DirectoryIndex parent = kRoot;
  std::string name;  // the destination's is empty
  image::InodeReference inode = 0;
  mode_t mode = 0;  // type and permissions
  uid_t uid = 0;
  gid_t gid = 0;
  std::int64_t mtime = 0;  // seconds since 1970
  std::uint64_t size = 0;
  std::uint32_t block_size = 0;  // the image's
  bool sparse = false;           // has blocks of zeros
  std::uint32_t depth = 0;       // of a directory: how many there are above it
  dev_t device = 0;
};

// A further name of a file that is written under another.
struct HardLink {
  DirectoryIndex parent = kRoot;
  std::string name;
  std::size_t first = 0;  // the file, by its place in Plan::files
};

struct Plan {
  std::vector<Item> directories;  // kRoot first, each before what is in it
  std::vector<Item> files;        // all others
  std::vector<HardLink> links;
  std::uint64_t content_bytes = 0;

  // The path of a name from the destination on, for messages.
  [[nodiscard]] std::string path_of(DirectoryIndex parent, std::string_view name) const;
  [[nodiscard]] std::string path_of(const Item& item) const {
    return path_of(item.parent, item.name);
  }
};

// Plans to write `paths` of the image, or everything if there are none. Calls `tick` for
// each name; what it throws ends the planning. Throws base::Error if one of the paths is
// not there, or the image is corrupt.
Plan make_plan(const image::Image& image, const std::vector<std::string>& paths,
               const std::function<void()>& tick);

}  // namespace xar::extract
