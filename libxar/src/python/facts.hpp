// SPDX-License-Identifier: BSD-2-Clause
// What build/collect.py has found out.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace xar::python {

struct Facts {
  std::string executable;      // of the interpreter, absolute
  std::string implementation;  // "CPython"
  std::string version;         // "3.11"
  std::string tag;             // of its bytecode, "cpython-311"
  std::string suffix;          // of its extension modules, ".cpython-311-....so"

  std::vector<std::filesystem::path> folders;  // each stands for the image's root

  // Console scripts and what they run: MODULE:FUNCTION, or a file's path in the image.
  // Those of the distributions that were asked for, and of what these need.
  std::map<std::string, std::string> own_scripts;
  std::map<std::string, std::string> other_scripts;

  // What a PEX or zipapp among the inputs would run, and with what.
  std::optional<std::string> entry;
  std::optional<std::string> script;
  std::optional<std::string> shebang;
};

// Reads the file that build/report.py wrote. Throws base::SystemError.
Facts read_facts(const std::filesystem::path& path);

}  // namespace xar::python
