// SPDX-License-Identifier: BSD-2-Clause
// What a command is called and how the help shows it.
#pragma once

namespace xar::xarexec {

struct CommandInfo {
  const char* name;           // "--list"; empty where the program's name says it
  const char* short_name;     // "-l", or empty
  const char* operands;       // as the usage line shows them: "FILE [DIR]"
  const char* summary;        // one sentence without a full stop
  const char* exit_statuses;  // what they mean beside 2 and 125
  const char* examples;       // two lines, which a test runs
  const char* program = "xarexec";
  bool short_help = true;  // whether -h is --help
};

// Of the option --backend, which several commands have.
inline constexpr const char* kBackends = "{auto,fuse,userns,extract}";
inline constexpr const char* kBackendHelp =
    "How to get at the files; auto: the first that works";

}  // namespace xar::xarexec
