// SPDX-License-Identifier: BSD-2-Clause
// What a build tells that goes well but not quite as its user may expect: one line each
// on standard error, also where it is to be quiet.
#pragma once

#include <string>
#include <vector>

#include "xar/tree.hpp"

namespace xar::xarbuild {

// Tells a sentence; nothing if it is empty.
void warn(const std::string& sentence);

// Names the patterns that have left nothing out.
void warn_of_unused_patterns(const std::vector<std::string>& excluded,
                             const tree::ScanFindings& findings);

// Names files whose access control lists are not in the archive.
void warn_of_lists(const tree::ScanFindings& findings);

// Names files whose times an archive cannot hold.
void warn_of_times(const tree::Tree::Clamped& clamped);

}  // namespace xar::xarbuild
