// SPDX-License-Identifier: BSD-2-Clause
// The bytecode of all modules in a tree.
#pragma once

#include "python/workshop.hpp"
#include "xar/tree.hpp"

namespace xar::python {

// Compiles every .py file of the tree that is on disk or made by us, and adds the
// __pycache__ folders. Files that are not Python of this version are left alone. Throws
// as Workshop::compile does.
void add_bytecode(tree::Tree& tree, const Workshop& workshop);

}  // namespace xar::python
