// SPDX-License-Identifier: BSD-2-Clause
// The part of the command line that is about Python applications.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "xar/cli/option_set.hpp"
#include "xar/python.hpp"

namespace xar::xarbuild {

class PythonOptions {
 public:
  // Adds to `set` all that only Python applications have; parsing fills in this and
  // `application`, which must live as long as `set`.
  void add_to(cli::OptionSet& set, python::Application& application);

  // What stands before a "--". What follows is the installer's, not ours to understand.
  static std::span<char* const> take_installer_options(std::span<char* const> words,
                                                       python::Application& application);

  // Once a line has been parsed by `set`: fills in `application`. Throws base::Error for
  // wrong use.
  void take(const cli::OptionSet& set, python::Application& application) const;

 private:
  std::optional<std::string> installer_;
  std::optional<std::string> interpreter_;
  bool without_tests_ = false;
};

}  // namespace xar::xarbuild
