// SPDX-License-Identifier: BSD-2-Clause
// What xarbuild says of itself, in a file of its own as it changes with each commit.
#pragma once

namespace xar::xarbuild {

// "xarbuild VERSION (COMMIT)", without a commit where none is known, and on a second line
// the libraries that it was built with.
const char* version_text();

}  // namespace xar::xarbuild
