// SPDX-License-Identifier: BSD-2-Clause
// Python applications: a directory of modules and where it begins, made into a tree
// that a launcher can run.
#pragma once

#include <filesystem>
#include <string>

#include "xar/tree.hpp"

namespace xar::python {

struct Application {
  std::filesystem::path source;         // a directory of modules
  std::string entry_point;              // MODULE or MODULE:FUNCTION, dotted names
  std::string interpreter = "python3";  // a command's name or an absolute path
  tree::ScanOptions scan = {};          // what of the source is left out
};

struct Package {
  tree::Tree tree;     // the modules and what starts them
  std::string target;  // what is executed, relative to the tree's root
};

// Scans the modules and adds the bootstrap that runs the entry point with the
// interpreter, isolated from the machine's own packages. Runs nothing. Throws
// base::Error if there is no such module or function name, if the interpreter's name
// cannot be one, or if the bootstrap's names are taken; and as tree::scan does.
Package package(const Application& application);

}  // namespace xar::python
