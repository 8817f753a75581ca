// SPDX-License-Identifier: BSD-2-Clause
// What build/collect.py has found out.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace xar::python {

// A folder that stands for the image's root.
struct Folder {
  std::filesystem::path path;
  std::string label;       // for messages: the input or wheel that it was made of
  bool is_users = false;   // written by the user, not by an installer
  bool has_links = false;  // symlinks may lead out of it to what is to be packed
};

struct BuildFacts {
  std::string executable;      // of the interpreter, absolute
  std::string implementation;  // "CPython"
  std::string version;         // "3.11"
  std::string tag;             // of its bytecode, "cpython-311"
  std::string suffix;          // of its extension modules, ".cpython-311-....so"
  std::set<std::string, std::less<>> standard;  // its library's top-level modules

  // Where several differ in a file, that of the first counts.
  std::vector<Folder> folders;

  // Console scripts and what they run: MODULE:FUNCTION, a file's path in the image if it
  // is in Python, or "exec " and the path of any other.
  // Those of the distributions that were asked for, and of what these need.
  std::map<std::string, std::string> own_scripts;
  std::map<std::string, std::string> other_scripts;

  // What a script, PEX or zipapp among the inputs would run, and with what.
  std::optional<std::string> entry;
  std::optional<std::string> script;
  std::optional<std::string> shebang;

  std::vector<std::string> warnings;  // sentences for the user
};

// Reads the file that build/report.py wrote. Throws base::SystemError.
BuildFacts read_facts(const std::filesystem::path& path);

// The same of the file's text, which may be any.
BuildFacts parse_facts(std::string_view text);

}  // namespace xar::python
