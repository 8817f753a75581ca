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

// Throws base::Error, naming what is there instead, if the tree has no such module, if
// it is a package that cannot be run, or if the module's source does not have the
// function's name anywhere.
void require_entry_point(const tree::Tree& tree, const EntryPoint& entry_point);

}  // namespace xar::python
