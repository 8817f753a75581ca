// SPDX-License-Identifier: BSD-2-Clause
// The bytecode of all modules in a tree, and a table of where they are.
#pragma once

#include <string>
#include <vector>

#include "python/workshop.hpp"
#include "xar/tree.hpp"

namespace xar::python {

// Compiles every .py file of the tree that is on disk or made by us, and adds the
// __pycache__ folders and the table that imports.py reads. Files that are not Python of
// this version are left alone. Throws as Workshop::compile does.
//
// Returns the paths of what importing the modules called `first` reads, as far as that
// can be told.
std::vector<std::string> add_bytecode(tree::Tree& tree, const Workshop& workshop,
                                      const std::vector<std::string>& first);

}  // namespace xar::python
