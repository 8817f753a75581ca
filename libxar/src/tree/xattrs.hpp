// SPDX-License-Identifier: BSD-2-Clause
// Extended attributes of a file on disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xar/tree.hpp"

namespace xar::tree {

struct FoundXattrs {
  // Those that SquashFS can hold, which are user, trusted and security, sorted by name.
  std::vector<Xattr> stored;
  bool has_acl = false;  // of any kind, also one for files made in a directory
};

// Whether SquashFS has a place for an attribute of this name.
bool can_be_stored(std::string_view name);

// The attributes of the file at `path`, a symlink not followed. None where the file
// system has none. Throws base::SystemError if they cannot be read.
FoundXattrs read_xattrs(const std::string& path);

// The list that extends the file's permissions, as system.posix_acl_access holds it.
// Throws base::SystemError if it cannot be read.
std::optional<std::string> read_access_acl(const std::string& path);

}  // namespace xar::tree
