// SPDX-License-Identifier: BSD-2-Clause
// What an extraction will write, known before it writes anything: a corrupt image or a
// wrong path is found out while there is nothing to clean up.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "xar/image.hpp"

namespace xar::extract {

// Everything about one name but its content.
struct Item {
  std::string path;  // relative to the destination, "" being that itself
  image::InodeReference inode = 0;
  mode_t mode = 0;  // type and permissions
  uid_t uid = 0;
  gid_t gid = 0;
  std::int64_t mtime = 0;  // seconds since 1970
  std::uint64_t size = 0;
  std::uint32_t block_size = 0;  // the image's
  bool sparse = false;           // has blocks of zeros
  dev_t device = 0;
};

// A further name of a file that is written under another.
struct HardLink {
  std::string path;
  std::string first;  // the other name
};

struct Plan {
  std::vector<Item> directories;  // the root first, each before what is in it
  std::vector<Item> files;        // all others
  std::vector<HardLink> links;
  std::uint64_t content_bytes = 0;
};

// Plans to write `paths` of the image, or everything if there are none. Throws
// base::Error if one of them is not there, or the image is corrupt.
Plan make_plan(const image::Image& image, const std::vector<std::string>& paths);

// What is before and behind a path's last slash.
std::string_view parent_of(std::string_view path);
std::string name_of(std::string_view path);

}  // namespace xar::extract
