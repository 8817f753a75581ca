// SPDX-License-Identifier: BSD-2-Clause
// What a build would pack, for --dry-run.
#pragma once

#include "xar/tree.hpp"
#include "xarbuild/input.hpp"
#include "xarbuild/options.hpp"

namespace xar::xarbuild {

// Prints every name that would go in, how large it is and why it goes in, and what all of
// it comes to: lines, or a JSON object where the options want that.
void print_contents(const Options& options, const Input& input,
                    const tree::ScanFindings& findings);

}  // namespace xar::xarbuild
