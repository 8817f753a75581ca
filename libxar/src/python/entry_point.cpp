// SPDX-License-Identifier: BSD-2-Clause
#include "python/entry_point.hpp"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <regex>
#include <vector>

#include "python/suggestion.hpp"
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

bool is_directory(const tree::Inode* inode) {
  return inode != nullptr && inode->type == tree::Type::kDirectory;
}

// The text of a file in the tree, if there is one.
std::optional<std::string> text_of(const tree::Tree& tree, const std::string& path) {
  const tree::Inode* file = tree.find(path);
  if (file == nullptr || file->type != tree::Type::kRegular) return std::nullopt;
  if (const auto* made = std::get_if<std::string>(&file->content)) return *made;
  constexpr std::size_t kLimit = 16 << 20;
  return base::read_text(std::get<tree::DiskFile>(file->content).path, kLimit);
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

// Where modules are looked for: prefixes of paths in the tree.
struct SearchPath {
  std::vector<std::string> prefixes = {""};
  bool is_whole = true;  // nothing is added when the application starts
};

// Takes from a line of a .pth file what it adds.
void add_line(SearchPath& search, std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
    line.remove_suffix(1);
  if (line.empty() || line.starts_with('#')) return;
  if (line.starts_with("import ") || line.starts_with("import\t")) {
    search.is_whole = false;
    return;
  }
  const std::string path = std::filesystem::path(line).lexically_normal().native();
  if (!path.starts_with('/') && !path.starts_with("..")) {
    search.prefixes.push_back(path.ends_with('/') ? path : path + "/");
  }
}

SearchPath search_path_of(const tree::Tree& tree) {
  SearchPath search;
  for (const tree::Entry& entry : tree.root().entries) {
    if (!entry.name.ends_with(".pth")) continue;
    const std::string text = text_of(tree, entry.name).value_or("");
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      add_line(search, rest.substr(0, end));
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
  }
  return search;
}

// The prefix below which the tree has the module or package, if it has.
std::optional<std::string> find_module(const tree::Tree& tree, const SearchPath& search,
                                       const std::string& module) {
  const std::string path = path_of(module);
  const std::size_t slash = path.rfind('/') + 1;  // 0 where there is none
  for (const std::string& prefix : search.prefixes) {
    const tree::Inode* parent = tree.find(prefix + path.substr(0, slash));
    const bool is_module =
        is_directory(parent) && has_module(*parent, path.substr(slash));
    if (is_module || is_directory(tree.find(prefix + path))) return prefix;
  }
  return std::nullopt;
}

// Whether the packages around a module may look for it elsewhere, or make it.
bool may_be_made(const tree::Tree& tree, const SearchPath& search,
                 const std::string& module) {
  for (std::size_t dot = module.find('.'); dot != module.npos;
       dot = module.find('.', dot + 1)) {
    for (const std::string& prefix : search.prefixes) {
      const std::string path = prefix + path_of(module.substr(0, dot)) + "/__init__.py";
      const auto text = text_of(tree, path);
      if (text &&
          has_any(*text, {"__path__", "sys.modules", "meta_path", "path_hooks"})) {
        return true;
      }
    }
  }
  return false;
}

// Decides what is said of something that the tree does not have: certainly wrong it is an
// error, else a sentence for the user.
std::string doubt(bool is_certain, std::string_view what, const std::string& subject,
                  const std::string& advice) {
  if (is_certain) throw base::Error(what, subject, advice);
  return std::string(base::Error(what, subject, advice).what()) +
         ": it starts only if that is made when it runs";
}

std::string missing_module(const tree::Tree& tree, const SearchPath& search,
                           const std::string& module, const ImportContext& context) {
  const std::string path = path_of(module);
  const std::size_t dot = module.rfind('.') + 1;  // 0 where there is none
  std::string advice = "there is neither " + path + ".py nor " + path + "/";
  const tree::Inode* parent = tree.find(path.substr(0, dot == 0 ? 0 : dot - 1));
  if (is_directory(parent)) {
    advice += suggestion(module, modules_in(*parent, module.substr(0, dot)));
  }
  const bool is_certain =
      search.is_whole && !context.inherits_site && !may_be_made(tree, search, module);
  return doubt(is_certain, "no such module", module, advice);
}

void require_main(const tree::Tree& tree, const std::string& prefix,
                  const std::string& module) {
  const tree::Inode* package = tree.find(prefix + path_of(module));
  if (!is_directory(package) || has_module(*package, "__main__")) return;
  const std::string path = prefix + path_of(module);
  const std::size_t slash = path.rfind('/') + 1;
  const tree::Inode* parent = tree.find(path.substr(0, slash));
  if (parent != nullptr && has_module(*parent, path.substr(slash))) return;
  throw base::Error("cannot run the package", module,
                    "it has no __main__.py: name a module or a function in it");
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

// By the names in the source only: one that is written nowhere is not there, unless code
// makes it.
std::optional<std::string> check_function(const tree::Tree& tree,
                                          const std::string& prefix,
                                          const EntryPoint& entry_point,
                                          const ImportContext& context) {
  const std::string& function = entry_point.function;
  const std::string name = function.substr(0, function.find('.'));
  const std::string path = prefix + path_of(entry_point.module);
  const tree::Inode* package = tree.find(path);
  if (is_directory(package)) {
    // It may be a module of the package.
    if (has_module(*package, name) || is_directory(tree.find(path + "/" + name)))
      return {};
  }
  auto source = text_of(tree, path + ".py");
  if (is_directory(package)) source = text_of(tree, path + "/__init__.py");
  if (!source || has_any(*source, {name, "import *", "__getattr__"})) return {};
  const bool may_be_made =
      has_any(*source, {"globals", "locals", "vars", "setattr", "sys.modules", "exec",
                        "__dict__", "__class__", "__path__"});
  return doubt(!may_be_made && !context.is_declared, "no such function",
               entry_point.module + ":" + function,
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

std::optional<std::string> check_entry_point(const tree::Tree& tree,
                                             const EntryPoint& entry_point,
                                             const ImportContext& context) {
  const std::string& module = entry_point.module;
  const SearchPath search = search_path_of(tree);
  const auto prefix = find_module(tree, search, module);
  if (!prefix) {
    const std::string top = module.substr(0, module.find('.'));
    if (context.standard.contains(top) && !find_module(tree, search, top)) return {};
    return missing_module(tree, search, module, context);
  }
  if (!entry_point.function.empty()) {
    return check_function(tree, *prefix, entry_point, context);
  }
  require_main(tree, *prefix, module);
  return {};
}

}  // namespace xar::python
