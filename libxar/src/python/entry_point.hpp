// SPDX-License-Identifier: BSD-2-Clause
// Where a Python application begins: MODULE, run as `python -m` would, or
// MODULE:FUNCTION, called without arguments.
#pragma once

#include <string>
#include <string_view>

#include "xar/tree.hpp"

namespace xar::python {

struct EntryPoint {
  std::string module;    // dotted
  std::string function;  // dotted too, for attributes; empty: run the module
};

// Throws base::Error if `text` is not of that form.
EntryPoint parse_entry_point(std::string_view text);

// Throws base::Error if the tree has no such module, or if it is a package that
// cannot be run.
void require_module(const tree::Tree& tree, const EntryPoint& entry_point);

}  // namespace xar::python
