// SPDX-License-Identifier: BSD-2-Clause
// The files that start a packaged application: a shell script, which any launcher
// of XARs can run, and the Python that it starts.
#pragma once

#include <string>
#include <vector>

#include "python/build_facts.hpp"
#include "python/entry_choice.hpp"
#include "xar/python.hpp"
#include "xar/tree.hpp"

namespace xar::python {

inline constexpr const char* kShellName = "__xar_bootstrap__.sh";
inline constexpr const char* kMainName = "__xar_python__/bin/__run_xar_main__.py";
inline constexpr const char* kTableName = "__xar_modules__";
inline constexpr const char* kSiteHookName = "__xar_site__.pth";
inline constexpr const char* kSettingsName = "__xar_python__/pyvenv.cfg";

// Throws base::Error if that cannot be what an archive is run with.
void require_shebang(const std::string& shebang);

// Adds them, together with a virtual environment's files for processes that the
// application starts. Throws base::Error if the tree has one of their names.
void add_bootstrap(tree::Tree& tree, const Application& application,
                   const BuildFacts& facts, const EntryChoice& start);

// The names at the root that start the application as the archive itself does, in the
// original's form: those of its scripts that are free there.
std::vector<std::string> add_trampolines(tree::Tree& tree, const EntryChoice& start);

}  // namespace xar::python
