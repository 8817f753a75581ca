// SPDX-License-Identifier: BSD-2-Clause
#include "python/entry_choice.hpp"

#include <algorithm>
#include <utility>

#include "python/entry_point.hpp"
#include "python/suggestion.hpp"
#include "xar/base/error.hpp"

namespace xar::python {
namespace {

using Scripts = std::map<std::string, std::string>;

// What was asked for goes before what it needs.
Scripts all_scripts(const BuildFacts& facts) {
  Scripts scripts = facts.own_scripts;
  scripts.insert(facts.other_scripts.begin(), facts.other_scripts.end());
  return scripts;
}

std::vector<std::string> names_of(const Scripts& scripts) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : scripts) names.push_back(name);
  return names;
}

std::string find_script(const BuildFacts& facts, const std::string& name) {
  const Scripts scripts = all_scripts(facts);
  const auto found = scripts.find(name);
  if (found != scripts.end()) return found->second;
  throw base::Error(
      "no such script", name,
      scripts.empty()
          ? "nothing that is packed has console scripts: give -e"
          : "no packed distribution has it" + suggestion(name, names_of(scripts)));
}

bool has_main(const tree::Tree& tree) {
  return tree.find("__main__.py") != nullptr || tree.find("__main__.pyc") != nullptr;
}

bool is_file(const std::string& entry) {
  return entry.find('/') != entry.npos;
}

// ", such as -e app", for the only module that could be run, or one with a usual name.
std::string likely_module(const tree::Tree& tree) {
  constexpr std::string_view kSuffix = ".py";
  std::vector<std::string> modules;
  for (const tree::Entry& entry : tree.root().entries) {
    const std::string_view name = entry.name;
    if (name.ends_with(kSuffix) && name != "setup.py" && name != "conftest.py") {
      modules.emplace_back(name.substr(0, name.size() - kSuffix.size()));
    } else if (tree.find(entry.name + "/__main__.py") != nullptr) {
      modules.push_back(entry.name);
    }
  }
  if (modules.size() == 1) return ", such as -e " + modules.front();
  for (const char* usual : {"app", "main", "cli"}) {
    if (std::ranges::find(modules, usual) != modules.end()) {
      return std::string(", such as -e ") + usual;
    }
  }
  return {};
}

// The only script, or of several the only one that is declared as MODULE:FUNCTION.
std::optional<std::string> only_script(const Scripts& scripts) {
  if (scripts.size() == 1) return scripts.begin()->second;
  const auto declared = [](const auto& script) { return !is_file(script.second); };
  if (std::ranges::count_if(scripts, declared) != 1) return std::nullopt;
  return std::ranges::find_if(scripts, declared)->second;
}

std::optional<std::string> find_entry(const Application& application,
                                      const BuildFacts& facts, const tree::Tree& tree) {
  if (application.script) return find_script(facts, *application.script);
  if (application.entry_point) return *application.entry_point;
  if (facts.script) return find_script(facts, *facts.script);
  if (facts.entry) return *facts.entry;
  if (has_main(tree)) return "__main__";
  return only_script(facts.own_scripts);
}

// Files have been seen; modules and functions have not.
void check(EntryChoice& start, const Application& application, const BuildFacts& facts,
           const tree::Tree& tree) {
  if (!start.entry || is_file(*start.entry)) return;
  const ImportContext context{.standard = facts.standard,
                              .inherits_site = application.inherit_site,
                              .is_declared = !application.entry_point};
  auto warning = check_entry_point(tree, parse_entry_point(*start.entry), context);
  if (warning) start.warnings.push_back(std::move(*warning));
}

}  // namespace

EntryChoice choose_start(const Application& application, const BuildFacts& facts,
                         const tree::Tree& tree) {
  EntryChoice start;
  start.entry = find_entry(application, facts, tree);
  if (application.all_scripts) start.scripts = all_scripts(facts);
  if (!start.entry && start.scripts.empty()) {
    throw base::Error("where does it begin? Give -c SCRIPT or -e MODULE[:FUNCTION]" +
                      (facts.own_scripts.empty()
                           ? likely_module(tree)
                           : suggestion("", names_of(facts.own_scripts))));
  }
  check(start, application, facts, tree);
  return start;
}

}  // namespace xar::python
