// SPDX-License-Identifier: BSD-2-Clause
// Makes a tree that a launcher can run of a Python application.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "xar/tree.hpp"

namespace xar::python {

enum class Installer { kPip, kUv };

// Which parts of the interpreter are packed, so that the target machine needs none.
struct Bundle {
  bool wanted = false;
  std::vector<std::string> excluded;  // shell patterns, of names or paths in the
                                      // standard library
};

struct Application {
  // Directories of modules, modules and scripts, wheels, projects, source distributions,
  // requirements, virtual environments, PEX files, shiv's files, zipapps and zip files.
  std::vector<std::string> inputs;
  std::vector<std::string> requirements;  // requirements files
  Installer installer = Installer::kPip;  // resolves requirements
  std::vector<std::string> installer_options;

  // The entry point, at most one of the two: the name of a console script, or
  // MODULE[:FUNCTION].
  std::optional<std::string> script;
  std::optional<std::string> entry_point;
  bool all_scripts = false;  // the archive's name at a launch chooses a console script

  // The interpreter that installs and compiles: a command or a path.
  std::string interpreter = "python3";
  // The command that runs the application: "[/usr/bin/env] COMMAND [OPTION...]". Empty: a
  // launch looks for an interpreter of the same minor version as the one above.
  std::optional<std::string> shebang;
  Bundle bundle;
  bool inherit_site = false;  // also use the machine's packages and Python's variables
  bool export_paths = false;  // set PYTHONPATH and LD_LIBRARY_PATH for child processes

  // What is left out. A pattern that begins with an input's name and a slash applies to
  // that input only.
  tree::ScanOptions scan = {};
  // Called about ten times a second while an installer or compiler runs. An exception
  // from it stops that and reaches the caller: that is how packaging is cancelled.
  std::function<void()> meanwhile = [] {};
};

// An application ready to be written.
struct Package {
  // Owns files to which the tree refers.
  std::shared_ptr<const void> files;
  tree::Tree tree;     // the modules and what starts them
  std::string target;  // what a launch executes, relative to the tree's root
  // Names at the root that start the application as a launch does.
  std::vector<std::string> trampolines;
  // Files that a start probably reads: they should be together in the image.
  std::vector<std::string> startup;
  // Sentences for the user: what was left out, and what may be wrong.
  std::vector<std::string> warnings;
};

// Installs and compiles with the interpreter, and adds what starts the application,
// isolated from the machine's packages unless inherit_site is set. Uses a folder in
// $TMPDIR or /tmp. Throws base::Error for inputs that cannot be packed, requirements that
// cannot be resolved, entry points that do not exist, and if the interpreter is none; and
// as tree::scan() and Tree::merge().
Package package(const Application& application);

}  // namespace xar::python
