// SPDX-License-Identifier: BSD-2-Clause
#include "python/entry_point.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <vector>

#include "python/nearest.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

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

// The module that a file is, if it is one: "name.py", "name.pyc", or an extension module
// "name.<tag>.so".
std::optional<std::string_view> module_name(const tree::Entry& entry) {
  if (entry.inode->type == tree::Type::kDirectory) return std::nullopt;
  const std::string_view file = entry.name;
  const std::string_view name = file.substr(0, file.find('.'));
  const std::string_view rest = file.substr(name.size());
  const bool is_module = rest == ".py" || rest == ".pyc" || rest.ends_with(".so");
  return is_module ? std::optional(name) : std::nullopt;
}

bool has_module(const tree::Inode& directory, std::string_view name) {
  return std::ranges::any_of(directory.entries, [name](const tree::Entry& entry) {
    return module_name(entry) == name;
  });
}

// Names of the modules and packages in a directory, behind `prefix`.
std::vector<std::string> modules_in(const tree::Inode& directory,
                                    const std::string& prefix) {
  std::vector<std::string> names;
  for (const tree::Entry& entry : directory.entries) {
    const bool is_package =
        entry.inode->type == tree::Type::kDirectory && is_identifier(entry.name);
    const auto name = is_package ? std::string_view(entry.name) : module_name(entry);
    if (name && !name->starts_with("__")) names.push_back(prefix + std::string(*name));
  }
  return names;
}

std::string path_of(std::string_view dotted) {
  std::string path(dotted);
  std::ranges::replace(path, '.', '/');
  return path;
}

void require_module(const tree::Tree& tree, const EntryPoint& entry_point) {
  const std::string& module = entry_point.module;
  const std::string path = path_of(module);
  const std::size_t dot = module.rfind('.') + 1;  // 0 where there is none
  const std::string_view folder =
      std::string_view(path).substr(0, dot == 0 ? 0 : dot - 1);

  const tree::Inode* parent = tree.find(folder);
  if (parent != nullptr && has_module(*parent, module.substr(dot))) return;
  const tree::Inode* package = tree.find(path);
  if (package == nullptr || package->type != tree::Type::kDirectory) {
    std::string advice = "there is neither " + path + ".py nor " + path + "/";
    if (parent != nullptr) {
      advice += suggestion(module, modules_in(*parent, module.substr(0, dot)));
    }
    throw base::Error("no such module", module, advice);
  }
  if (entry_point.function.empty() && !has_module(*package, "__main__")) {
    throw base::Error("cannot run the package", module,
                      "it has no __main__.py: name a module or a function in it");
  }
}

// The module's source, if it has any.
std::optional<std::string> source_of(const tree::Tree& tree, const std::string& module) {
  const std::string path = path_of(module);
  const tree::Inode* file = tree.find(path + ".py");
  if (file == nullptr) file = tree.find(path + "/__init__.py");
  if (file == nullptr || file->type != tree::Type::kRegular) return std::nullopt;
  if (const auto* made = std::get_if<std::string>(&file->content)) return *made;
  constexpr std::size_t kLimit = 16 << 20;
  return base::read_text(std::get<tree::DiskFile>(file->content).path, kLimit);
}

// Names that a source defines at the top level with def or class.
std::vector<std::string> definitions_in(const std::string& source) {
  static const std::regex kDefinition("(^|\n)(async +def|def|class) +(\\w+)");
  std::vector<std::string> names;
  for (std::sregex_iterator at(source.begin(), source.end(), kDefinition), end; at != end;
       ++at) {
    names.push_back((*at)[3]);
  }
  return names;
}

// Only what can be told without running the module: a name that is written nowhere, and
// that nothing else brings in.
void require_function(const tree::Tree& tree, const EntryPoint& entry_point) {
  const std::string& function = entry_point.function;
  const std::string name = function.substr(0, function.find('.'));
  const std::optional<std::string> source = source_of(tree, entry_point.module);
  if (!source) return;
  const auto has = [&](std::string_view word) {
    return source->find(word) != source->npos;
  };
  if (has(name) || has("import *") || has("__getattr__") || has("globals()")) return;
  throw base::Error(
      "no such function", entry_point.module + ":" + function,
      "the module has no " + name + suggestion(name, definitions_in(*source)));
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

void require_entry_point(const tree::Tree& tree, const EntryPoint& entry_point) {
  require_module(tree, entry_point);
  if (!entry_point.function.empty()) require_function(tree, entry_point);
}

}  // namespace xar::python
