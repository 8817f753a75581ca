// SPDX-License-Identifier: BSD-2-Clause
// The part of the command line that is about Python applications.
#pragma once

#include <string>
#include <vector>

#include "xar/python.hpp"

namespace CLI {
class App;
}

namespace xar::xarbuild {

// Adds to `command` all that only Python applications have; parsing fills in
// `application`, which must live as long as `command`.
void add_python_options(CLI::App& command, python::Application& application);

// Takes what follows a "--" off a command line of `xarbuild python`: options of the
// installer, which are not ours to understand. Nothing for other commands.
std::vector<std::string> take_installer_options(std::vector<std::string>& words);

}  // namespace xar::xarbuild
