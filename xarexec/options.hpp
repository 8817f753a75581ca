// SPDX-License-Identifier: BSD-2-Clause
// xarexec's command line: which command it names, and that command's words.
#pragma once

#include <optional>

#include "xarexec/command.hpp"

namespace xar::xarexec {

// Reads the command line. A plain `xarexec FILE ...`, which is how the kernel calls
// it, is recognised without the option parser; all that follows FILE is the payload's
// then. CommandInfo are borrowed from argv. Empty if help or version was asked for and
// has been printed. Throws base::Error for words it does not know.
std::optional<Command> parse_command_line(int argc, char** argv);

}  // namespace xar::xarexec
