// SPDX-License-Identifier: BSD-2-Clause
// Where a Python application begins: MODULE, run as `python -m` would, or
// MODULE:FUNCTION, called without arguments.
#pragma once

#include <functional>
#include <optional>
#include <set>
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

// What else than a tree decides whether a module can be imported.
struct ImportContext {
  const std::set<std::string, std::less<>>& standard;  // top-level modules that are
                                                       // always there
  bool inherits_site = false;                          // the machine's packages count
  bool is_declared = false;  // by a distribution, which its author has tried
};

// Whether an application can start there, as far as that can be told without running it.
// Throws base::Error, naming what is there instead, if it certainly cannot: the tree has
// no such module, it is a package that cannot be run, or its source has no such function.
// Returns a sentence for the user where that is only probable.
std::optional<std::string> check_entry_point(const tree::Tree& tree,
                                             const EntryPoint& entry_point,
                                             const ImportContext& context);

}  // namespace xar::python
