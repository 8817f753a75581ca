// SPDX-License-Identifier: BSD-2-Clause
// The bytecode of all modules in a tree, and a table of where they are.
#pragma once

#include <string>
#include <vector>

#include "python/build_tools.hpp"
#include "xar/tree.hpp"

namespace xar::python {

struct Compiled {
  // Paths of what a start reads, as far as that can be told.
  std::vector<std::string> startup;
  // Sentences for the user: about modules that it imports and that are not there.
  std::vector<std::string> warnings;
};

// Compiles every .py file of the tree that is on disk or made by us, and adds the
// __pycache__ folders and the table that imports.py reads. Files that are not Python of
// this version are left alone. Throws as BuildTools::compile does.
//
// `started` is what the application starts with: MODULE, MODULE:FUNCTION or the path of a
// script in the tree. Unless the tree `is_whole`, modules may come from elsewhere when it
// runs, and none is said to be missing.
Compiled add_bytecode(tree::Tree& tree, const BuildTools& tools,
                      const std::vector<std::string>& started, bool is_whole);

}  // namespace xar::python
