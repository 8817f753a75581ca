// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <iterator>
#include <utility>

#include "python/assemble.hpp"
#include "python/bootstrap.hpp"
#include "python/bytecode.hpp"
#include "python/entry_point.hpp"
#include "python/facts.hpp"
#include "python/settle.hpp"
#include "python/start.hpp"
#include "python/workshop.hpp"
#include "xar/python.hpp"

namespace xar::python {
namespace {

// What can be told before anything is installed.
void require_sound(const Application& application) {
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

tree::Tree assembled(const Application& application, const Workshop& workshop,
                     Facts& facts) {
  tree::ScanOptions scan = application.scan;
  scan.own_output.push_back(workshop.folder());
  // The bytecode in the archive is compiled for it.
  scan.excluded.emplace_back("__pycache__");
  return assemble(facts.folders, scan, facts.warnings);
}

// What can be run of it and is in Python: modules, functions and scripts.
std::vector<std::string> entries_of(const Start& start) {
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
  require_sound(application);
  const auto workshop =
      std::make_shared<Workshop>(application.interpreter, application.meanwhile);
  workshop->collect(arguments_for(application));
  Facts facts = read_facts(workshop->folder() / "facts");

  Package package{workshop, assembled(application, *workshop, facts), kShellName, {}, {},
                  {}};
  const Start start = choose_start(application, facts, package.tree);
  add_bootstrap(package.tree, application, facts, start);
  Compiled compiled =
      add_bytecode(package.tree, *workshop, entries_of(start), !application.inherit_site);
  package.startup = std::move(compiled.startup);
  package.startup.insert(package.startup.end(), {kShellName, kSettingsName, kSiteHookName,
                                                 kMainName, kTableName});
  package.trampolines = add_trampolines(package.tree, start);
  settle(package.tree);
  package.warnings = std::move(facts.warnings);
  std::ranges::copy(start.warnings, std::back_inserter(package.warnings));
  std::ranges::move(compiled.warnings, std::back_inserter(package.warnings));
  return package;
}

}  // namespace xar::python
