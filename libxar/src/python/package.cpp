// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <iterator>
#include <utility>

#include "python/assemble.hpp"
#include "python/bootstrap.hpp"
#include "python/build_facts.hpp"
#include "python/build_tools.hpp"
#include "python/bytecode.hpp"
#include "python/entry_choice.hpp"
#include "python/entry_point.hpp"
#include "python/normalise_tree.hpp"
#include "xar/python.hpp"

namespace xar::python {
namespace {

// What can be told before anything is installed.
void validate(const Application& application) {
  if (application.entry_point) parse_entry_point(*application.entry_point);
  if (application.shebang) require_shebang(*application.shebang);
}

// The words for build/collect.py. One a value: no value is taken for an option.
std::vector<std::string> arguments_for(const Application& application) {
  std::vector<std::string> arguments;
  const auto add = [&](const char* option, const auto& values) {
    for (const std::string& value : values) arguments.push_back(option + value);
  };
  add("--input=", application.inputs);
  add("--requirements=", application.requirements);
  add("--option=", application.installer_options);
  if (application.installer == Installer::kUv) arguments.emplace_back("--installer=uv");
  if (application.bundle.wanted) arguments.emplace_back("--bundle");
  add("--exclude-stdlib=", application.bundle.excluded);
  for (const auto& path : application.scan.own_output) {
    arguments.push_back("--own-output=" + path.native());
  }
  if (application.inherit_site) arguments.emplace_back("--inherit-site");
  return arguments;
}

tree::Tree assembled(const Application& application, const BuildTools& tools,
                     BuildFacts& facts) {
  tree::ScanOptions scan = application.scan;
  scan.own_output.push_back(tools.folder());
  // The bytecode in the archive is compiled for it.
  scan.excluded.emplace_back("__pycache__");
  return assemble(facts.folders, scan, facts.warnings);
}

// What can be run of it and is in Python: modules, functions and scripts.
std::vector<std::string> entries_of(const EntryChoice& start) {
  std::vector<std::string> entries;
  const auto add = [&](const std::string& entry) {
    const bool is_other_program = entry.starts_with("exec ");
    if (!is_other_program) entries.push_back(entry);
  };
  if (start.entry) add(*start.entry);
  for (const auto& [name, entry] : start.scripts) add(entry);
  return entries;
}

}  // namespace

Package package(const Application& application) {
  validate(application);
  const auto tools =
      std::make_shared<BuildTools>(application.interpreter, application.meanwhile);
  tools->collect(arguments_for(application));
  BuildFacts facts = read_facts(tools->folder() / "facts");

  Package package{tools, assembled(application, *tools, facts), kShellName, {}, {}, {}};
  const EntryChoice start = choose_start(application, facts, package.tree);
  add_bootstrap(package.tree, application, facts, start);
  Compiled compiled =
      add_bytecode(package.tree, *tools, entries_of(start), !application.inherit_site);
  package.startup = std::move(compiled.startup);
  package.startup.insert(package.startup.end(), {kShellName, kSettingsName, kSiteHookName,
                                                 kMainName, kTableName});
  package.trampolines = add_trampolines(package.tree, start);
  normalise_tree(package.tree);
  package.warnings = std::move(facts.warnings);
  std::ranges::copy(start.warnings, std::back_inserter(package.warnings));
  std::ranges::move(compiled.warnings, std::back_inserter(package.warnings));
  return package;
}

}  // namespace xar::python
