// SPDX-License-Identifier: BSD-2-Clause
// Python applications: what they consist of and where they begin, made into a tree
// that a launcher can run.
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

// What of the interpreter's own goes in, so that the target needs none.
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

  // Where it begins, at most one of them: a console script, or MODULE[:FUNCTION].
  std::optional<std::string> script;
  std::optional<std::string> entry_point;
  bool all_scripts = false;  // the name it is called by chooses a console script

  std::string interpreter = "python3";  // installs and compiles; a command or a path
  // "[/usr/bin/env] COMMAND [OPTION...]": what runs it. Unless given, an interpreter
  // of the same minor version as the one above is looked for.
  std::optional<std::string> shebang;
  Bundle bundle;
  bool inherit_site = false;  // the machine's packages and the user's variables count
  bool export_paths = false;  // PYTHONPATH and LD_LIBRARY_PATH for what it starts

  // What is left out; a pattern that begins with an input's name and a slash, of that
  // input only.
  tree::ScanOptions scan = {};
  // Called some ten times a second while an installer or compiler runs; what it
  // throws stops that and is passed on.
  std::function<void()> meanwhile = [] {};
};

// An application ready to be written.
struct Package {
  // Holds files that the tree refers to, until the archive is written.
  std::shared_ptr<const void> files;
  tree::Tree tree;     // the modules and what starts them
  std::string target;  // what is executed, relative to the tree's root
  // Names at the root that start the application as running the archive does.
  std::vector<std::string> trampolines;
  // Files that a start reads, as far as that can be told: in the image they belong
  // together.
  std::vector<std::string> startup;
  // Sentences for the user: what was left out, or may not be as it should.
  std::vector<std::string> warnings;
};

// Installs and compiles by means of the interpreter, and adds what starts the
// application, isolated from the machine's own packages unless told otherwise. Uses a
// folder in $TMPDIR or /tmp. Throws base::Error for inputs that cannot be packed,
// requirements that cannot be resolved, entry points that do not exist and interpreters
// that are none; and as tree::scan and Tree::merge do.
Package package(const Application& application);

}  // namespace xar::python
