// SPDX-License-Identifier: BSD-2-Clause
// All folders that stand for the image's root, as one tree.
#pragma once

#include <string>
#include <vector>

#include "python/build_facts.hpp"
#include "xar/tree.hpp"

namespace xar::python {

// Scans the folders and merges them. `options` says what is left out; a pattern that
// begins with a folder's label leaves the rest of it out of that folder. Between a file
// of a distribution and another, the first folder's counts, and `warnings` gets a
// sentence. Throws base::Error for files of the user that differ, and as tree::scan does.
tree::Tree assemble(const std::vector<Folder>& folders, const tree::ScanOptions& options,
                    std::vector<std::string>& warnings);

}  // namespace xar::python
