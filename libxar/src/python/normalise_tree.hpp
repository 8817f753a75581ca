// SPDX-License-Identifier: BSD-2-Clause
// A tree without the traces of how its files came to be: who unpacked them under which
// umask, and when.
#pragma once

#include "xar/tree.hpp"

namespace xar::python {

// Permissions become 0755 for directories and what is executable and 0644 for other
// files, as an installer leaves them: the archive has one owner and everybody may run
// it. A directory becomes as old as the newest file in it.
void normalise_tree(tree::Tree& tree);

}  // namespace xar::python
