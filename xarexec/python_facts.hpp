// SPDX-License-Identifier: BSD-2-Clause
// Which Python an archive of a Python application was built for, and what it runs, as
// FORMAT.md, "Python applications", has it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "xar/image.hpp"

namespace xar::xarexec {

// Any text, as the image's maker chose it.
struct PythonFacts {
  std::string implementation;             // "CPython"
  std::string version;                    // "3.11"
  std::string bytecode;                   // the tag of its bytecode: "cpython-311"
  std::optional<std::string> extensions;  // the suffix of its extension modules, if any
  std::optional<std::string> entry_point;
  bool bundled = false;  // whether the interpreter is in the archive
};

// Empty where the image has no such application. Throws nothing for hostile images.
std::optional<PythonFacts> read_python_facts(const image::Image& image);

// The same of the text of the application's pyvenv.cfg, which may be any.
std::optional<PythonFacts> parse_python_facts(std::string_view text);

}  // namespace xar::xarexec
