// SPDX-License-Identifier: BSD-2-Clause
#include "python/entry_point.hpp"

#include <algorithm>

#include "xar/base/error.hpp"

namespace xar::python {
namespace {

bool is_identifier_start(char c) {
  // Python allows letters of any script; what is not ASCII is left to it.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_identifier(std::string_view word) {
  return !word.empty() && is_identifier_start(word.front()) &&
         std::ranges::all_of(word, [](char c) {
           return is_identifier_start(c) || (c >= '0' && c <= '9');
         });
}

bool is_dotted_name(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_identifier(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// Whether a directory has "name.py", "name.pyc" or an extension module
// "name.<tag>.so".
bool has_module(const tree::Inode& directory, std::string_view name) {
  return std::ranges::any_of(directory.entries, [name](const tree::Entry& entry) {
    const std::string_view file = entry.name;
    if (entry.inode->type == tree::Type::kDirectory || !file.starts_with(name))
      return false;
    const std::string_view rest = file.substr(name.size());
    return rest == ".py" || rest == ".pyc" ||
           (rest.starts_with('.') && rest.ends_with(".so"));
  });
}

}  // namespace

EntryPoint parse_entry_point(std::string_view text) {
  const std::size_t colon = text.find(':');
  EntryPoint entry_point;
  entry_point.module = text.substr(0, colon);
  if (colon != text.npos) entry_point.function = text.substr(colon + 1);
  const bool sound = is_dotted_name(entry_point.module) &&
                     (colon == text.npos || is_dotted_name(entry_point.function));
  if (!sound) {
    throw base::Error("bad entry point", text,
                      "expected MODULE or MODULE:FUNCTION, for example tool.cli:main");
  }
  return entry_point;
}

void require_module(const tree::Tree& tree, const EntryPoint& entry_point) {
  std::string path = entry_point.module;
  std::ranges::replace(path, '.', '/');
  const std::size_t slash = path.rfind('/');
  const std::string_view folder =
      slash == path.npos ? std::string_view() : std::string_view(path).substr(0, slash);
  const std::string_view name = std::string_view(path).substr(slash + 1);

  const tree::Inode* parent = tree.find(folder);
  if (parent != nullptr && has_module(*parent, name)) return;
  const tree::Inode* package = tree.find(path);
  if (package == nullptr || package->type != tree::Type::kDirectory) {
    throw base::Error("no such module", entry_point.module,
                      "the source has neither " + path + ".py nor " + path + "/");
  }
  if (entry_point.function.empty() && !has_module(*package, "__main__")) {
    throw base::Error("cannot run the package", entry_point.module,
                      "it has no __main__.py: name a module or a function in it");
  }
}

}  // namespace xar::python
