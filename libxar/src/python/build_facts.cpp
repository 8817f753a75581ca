// SPDX-License-Identifier: BSD-2-Clause
#include "python/build_facts.hpp"

#include <string_view>

#include "xar/base/file.hpp"

namespace xar::python {
namespace {

// Takes the front of `text` up to a NUL.
std::string take_part(std::string_view& text) {
  const std::size_t end = text.find('\0');
  std::string part(text.substr(0, end));
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return part;
}

void add_script(std::map<std::string, std::string>& scripts, const std::string& value) {
  const std::size_t equals = value.find('=');
  if (equals == value.npos) return;
  scripts.emplace(value.substr(0, equals), value.substr(equals + 1));
}

// What is said of a folder follows after it.
void add_to_folder(Folder& folder, const std::string& name, const std::string& value) {
  if (name == "label") folder.label = value;
  if (name == "users") folder.is_users = true;
  if (name == "links") folder.has_links = true;
}

void add(BuildFacts& facts, const std::string& name, const std::string& value) {
  if (name == "executable") facts.executable = value;
  if (name == "implementation") facts.implementation = value;
  if (name == "version") facts.version = value;
  if (name == "tag") facts.tag = value;
  if (name == "suffix") facts.suffix = value;
  if (name == "standard") facts.standard.insert(value);
  if (name == "folder") facts.folders.emplace_back().path = value;
  if (!facts.folders.empty()) add_to_folder(facts.folders.back(), name, value);
  if (name == "own-script") add_script(facts.own_scripts, value);
  if (name == "other-script") add_script(facts.other_scripts, value);
  if (name == "entry") facts.entry = value;
  if (name == "script") facts.script = value;
  if (name == "shebang") facts.shebang = value;
  if (name == "warning") facts.warnings.push_back(value);
}

}  // namespace

BuildFacts read_facts(const std::filesystem::path& path) {
  constexpr std::size_t kLimit = 16 << 20;
  return parse_facts(base::read_text(path, kLimit));
}

BuildFacts parse_facts(std::string_view text) {
  BuildFacts facts;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string name = take_part(rest);
    add(facts, name, take_part(rest));
  }
  return facts;
}

}  // namespace xar::python
