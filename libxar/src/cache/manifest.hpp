// SPDX-License-Identifier: BSD-2-Clause
// What stands beside an unpacked tree: of which archive it is, and when each of its
// directories was last changed. Programs that thin out caches leave trees that look whole
// from above; a directory from which something is gone has another time.
#pragma once

#include <string>

#include "cache/folder.hpp"

namespace xar::cache {

// What the file is called.
std::string manifest_name(const std::string& name);

// Writes the file for the tree `name`, which is complete. Throws base::SystemError.
void write_manifest(const Folder& folder, const std::string& name,
                    const std::string& identity);

// Updates the time of last use, by which cleaning decides.
void mark_as_used(const Folder& folder, const std::string& name);

// Whether the tree `name`, open as `tree`, is all that the file says.
bool is_whole(const Folder& folder, const std::string& name, int tree,
              const std::string& identity);

}  // namespace xar::cache
