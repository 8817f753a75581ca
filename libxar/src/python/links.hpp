// SPDX-License-Identifier: BSD-2-Clause
// Symlinks that lead out of what is packed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "xar/tree.hpp"

namespace xar::python {

// Replaces each symlink in `tree`, scanned from `folder`, that leads out of the folder by
// what it leads to; an absolute one that leads to something in the folder becomes
// relative. Links to kernel file systems (/dev, /proc, /run, /sys) stay. Links that lead
// nowhere, or to a directory that contains the folder, stay too: `warnings` gets a
// sentence for them. Throws as tree::scan does.
void replace_links(tree::Tree& tree, const std::filesystem::path& folder,
                   const tree::ScanOptions& options, std::vector<std::string>& warnings);

// Adds a sentence to `warnings` if there are symlinks in `tree` that lead out of it.
void report_links(const tree::Tree& tree, const std::string& label,
                  std::vector<std::string>& warnings);

}  // namespace xar::python
