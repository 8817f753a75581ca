// SPDX-License-Identifier: BSD-2-Clause
#include "python/bootstrap.hpp"

#include <algorithm>
#include <string_view>

#include "python/bootstrap_files.hpp"
#include "xar/base/error.hpp"

namespace xar::python {
namespace {

constexpr const char* kStartName = "__xar_python__/bin/__xar_start__.py";
constexpr const char* kSiteName = "__xar_site__.py";
constexpr const char* kImportsName = "__xar_imports__.py";
constexpr const char* kProgramsName = "__xar_programs__.py";
constexpr const char* kPrefix = "__xar_python__/";
constexpr std::string_view kBin = "__xar_python__/bin/";
// By contract the name that every archive with trampolines has.
constexpr const char* kTrampoline = "invoke_xar_via_trampoline";

// `text` with its one `placeholder` replaced.
std::string filled_in(std::string_view text, std::string_view placeholder,
                      std::string_view value) {
  std::string result(text);
  result.replace(result.find(placeholder), placeholder.size(), value);
  return result;
}

bool can_be_command(std::string_view interpreter) {
  constexpr std::string_view kForbidden("'\"\n\0 ", 5);
  const bool plain =
      !interpreter.empty() && interpreter.find_first_of(kForbidden) == interpreter.npos;
  return plain && interpreter.front() != '-' &&
         (interpreter.front() == '/' || interpreter.find('/') == interpreter.npos);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" \t");
    if (end != 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return words;
}

// Command and options of "#!/usr/bin/env python3 -X dev".
std::vector<std::string> parse_shebang(std::string_view shebang) {
  if (shebang.starts_with("#!")) shebang.remove_prefix(2);
  std::vector<std::string> words = words_of(shebang);
  const auto is_env = [](const std::string& word) {
    return word == "env" || word.ends_with("/env");
  };
  if (words.size() > 1 && is_env(words.front())) words.erase(words.begin());
  const auto is_quoted = [](const std::string& word) {
    return word.find_first_of("'\"\n") != word.npos;
  };
  if (words.empty() || !can_be_command(words.front()) ||
      std::ranges::any_of(words, is_quoted)) {
    throw base::Error("bad interpreter", shebang,
                      "expected a command's name or an absolute path, and perhaps "
                      "options, without quotes");
  }
  return words;
}

// As words of a shell script. A path may have any character in it.
std::string quoted_for_sh(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += text.empty() ? "'" : " '";
    for (const char c : word) {
      if (c == '\'') text += "'\\'";
      text += c;
    }
    text += '\'';
  }
  return text;
}

std::string quoted_for_python(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      continue;  // in no name that could be called
    literal += c;
  }
  return literal + "\"";
}

// What the shell script tries, in this order, and with which options it runs that.
struct Interpreter {
  std::string candidates;  // words for sh
  std::string name;        // for the message when none is there
  std::string options;
};

Interpreter interpreter_for(const Application& application, const BuildFacts& facts) {
  const std::string command = "python" + facts.version;
  Interpreter interpreter;
  if (application.bundle.wanted) {
    interpreter.candidates =
        "\"$root/" + std::string(kPrefix) + "lib/xar-" + command + "\"";
    interpreter.name = "lib/xar-" + command + " in the archive";
  } else if (const auto& shebang =
                 application.shebang ? application.shebang : facts.shebang) {
    std::vector<std::string> words = parse_shebang(*shebang);
    interpreter.candidates = quoted_for_sh({words.front()});
    interpreter.name = words.front();
    words.erase(words.begin());
    if (!words.empty()) interpreter.options = quoted_for_sh(words) + " ";
  } else {
    std::vector<std::string> candidates = {command, "/usr/bin/" + command,
                                           "/usr/local/bin/" + command};
    // A place that the user has named is meant; one that was merely found is not told.
    if (application.interpreter.starts_with('/')) {
      std::erase(candidates, facts.executable);
      candidates.insert(candidates.begin(), facts.executable);
    }
    interpreter.candidates = quoted_for_sh(candidates);
    interpreter.name = command;
  }
  return interpreter;
}

std::string shell_text(const Application& application, const BuildFacts& facts) {
  const Interpreter interpreter = interpreter_for(application, facts);
  std::string text = filled_in(kShellFile, "%PYTHON%", interpreter.candidates);
  text = filled_in(text, "%NAME%", interpreter.name);
  text = filled_in(text, "%COMMAND%", "python" + facts.version);
  text = filled_in(text, "%ISOLATED%", application.inherit_site ? "no" : "yes");
  text = filled_in(text, "%MAIN%", std::string(kMainName).substr(kBin.size()));
  return filled_in(text, "%OPTIONS%", interpreter.options);
}

bool has_extension_modules(const tree::Inode& directory) {
  return std::ranges::any_of(directory.entries, [](const tree::Entry& entry) {
    if (entry.inode->type == tree::Type::kDirectory) {
      return has_extension_modules(*entry.inode);
    }
    return entry.name.ends_with(".so");
  });
}

std::string main_text(const Application& application, const BuildFacts& facts,
                      const EntryChoice& start, bool compiled) {
  std::string settings =
      start.entry ? quoted_for_python(*start.entry) : std::string("None");
  settings += ", {";
  for (const auto& [name, entry] : start.scripts) {
    settings += quoted_for_python(name) + ": " + quoted_for_python(entry) + ", ";
  }
  settings += application.export_paths ? "}, True" : "}, False";
  std::string text = filled_in(
      kMainFile, "\"%FOUND%\"",
      compiled ? "_imp.extension_suffixes()[0]" : "sys.implementation.cache_tag");
  const std::string required = quoted_for_python(compiled ? facts.suffix : facts.tag);
  text =
      filled_in(filled_in(text, "\"%REQUIRED%\"", required), "\"%REQUIRED%\"", required);
  text = filled_in(text, "\"%VERSION%\"",
                   quoted_for_python(facts.implementation + " " + facts.version));
  return filled_in(text, "\"%SETTINGS%\"", settings);
}

// What a virtual environment's settings have, and in the same form for who looks into the
// archive what it was built for: FORMAT.md, "Python applications".
std::string settings_text(const Application& application, const BuildFacts& facts,
                          const EntryChoice& start, bool compiled) {
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) {
    if (value.empty() || value.find('\n') != value.npos) return;
    text.append(name).append(" = ").append(value) += '\n';
  };
  add("include-system-site-packages", application.inherit_site ? "true" : "false");
  add("implementation", facts.implementation);
  add("version", facts.version);
  add("xar-bytecode", facts.tag);
  add("xar-extensions", compiled ? facts.suffix : "");
  add("xar-entry-point", start.entry.value_or(""));
  add("xar-bundled", application.bundle.wanted ? "true" : "false");
  return text;
}

// A virtual environment, as the site module understands it, whose packages are those at
// the image's root.
void add_environment(tree::Tree& tree, const Application& application,
                     const BuildFacts& facts, std::string settings) {
  const std::string prefix = kPrefix;
  const std::string python = "python" + facts.version;
  tree.add_file(kSettingsName, std::move(settings), 0644);
  tree.add_file(prefix + "as_python.py", std::string(kAsPythonFile), 0644);
  tree.add_symlink(prefix + "bin/python3", std::string("../../") + kShellName);
  tree.add_symlink(prefix + "bin/python", "python3");
  tree.add_symlink(prefix + "bin/" + python, "python3");
  // By these names an interpreter is started, and finds itself.
  tree.add_symlink(prefix + "bin/self", "/proc/self/exe");
  for (const char number : std::string_view("3456789")) {
    tree.add_symlink(prefix + "fd" + number + "/" + python,
                     std::string("/proc/self/fd/") + number);
  }
  tree.add_symlink(prefix + "lib/" + python + "/site-packages", "../../..");
  // Debian's site module looks here unless it is in a virtual environment, and with an
  // interpreter of its own this is none.
  if (application.bundle.wanted) {
    tree.add_symlink(prefix + "lib/python3/dist-packages", "../../..");
  }
}

}  // namespace

void require_shebang(const std::string& shebang) {
  parse_shebang(shebang);
}

void add_bootstrap(tree::Tree& tree, const Application& application,
                   const BuildFacts& facts, const EntryChoice& start) {
  const bool compiled = has_extension_modules(tree.root());
  std::string main = main_text(application, facts, start, compiled);
  tree.add_file(kShellName, shell_text(application, facts), 0755);
  tree.add_file(kMainName, std::move(main), 0644);
  tree.add_file(kStartName, std::string(kStartFile), 0644);
  tree.add_file(kSiteName, std::string(kSiteFile), 0644);
  tree.add_file(kImportsName, std::string(kImportsFile), 0644);
  tree.add_file(kProgramsName, std::string(kProgramsFile), 0644);
  tree.add_file(kSiteHookName, std::string(kSiteHookFile), 0644);
  add_environment(tree, application, facts,
                  settings_text(application, facts, start, compiled));
}

std::vector<std::string> add_trampolines(tree::Tree& tree, const EntryChoice& start) {
  std::vector<std::string> names;
  if (start.scripts.empty()) return names;
  names.emplace_back(kTrampoline);
  for (const auto& [name, entry] : start.scripts) {
    const bool free = tree.find(name) == nullptr;
    if (free && name.find_first_of("'\" ") == name.npos) names.push_back(name);
  }
  for (const std::string& name : names) tree.add_symlink(name, kShellName);
  return names;
}

}  // namespace xar::python
