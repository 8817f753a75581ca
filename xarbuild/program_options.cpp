// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/program_options.hpp"

#include <CLI/CLI.hpp>

#include "xar/base/error.hpp"
#include "xarbuild/options.hpp"

namespace xar::xarbuild {
namespace {

// "./bin//run/" is the user's way to write "bin/run".
std::string path_in_source(const std::string& written) {
  std::filesystem::path path = std::filesystem::path(written).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.empty() ? "." : path.native();
}

std::pair<std::string, std::string> parse_variable(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) {
    throw base::Error("bad variable", text, "expected NAME=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void ProgramOptions::add_to(CLI::App& command) {
  CLI::Option* exec =
      command
          .add_option("--exec", executed_,
                      "Execute PATH in SOURCE, written for XAR: its first argument is "
                      "the archive's path")
          ->type_name("PATH");
  CLI::Option* run = command
                         .add_option("--run", run_,
                                     "Execute PATH in SOURCE, any program: it gets the "
                                     "user's arguments only")
                         ->type_name("PATH")
                         ->excludes(exec);
  command
      .add_option("--arg", arguments_,
                  "With --run: an argument before the user's; may be repeated. {root} is "
                  "where the files are")
      ->type_name("ARG")
      ->needs(run)
      ->allow_extra_args(false);
  command
      .add_option("--env", environment_,
                  "With --run: set a variable; {root} as above, {env:NAME} is the "
                  "caller's variable")
      ->type_name("NAME=VALUE")
      ->needs(run)
      ->allow_extra_args(false);
  const std::string by_name =
      "With --run: the name of the archive or of a link to it chooses a program beside "
      "PATH";
  command.add_flag("--multi-call", by_name)->needs(run);
}

void ProgramOptions::take(const CLI::App& used, Directory& directory) const {
  if (used.count("--exec") > 0) directory.executed = path_in_source(executed_);
  if (used.count("--run") == 0) return;
  archive::Program program;
  program.path = path_in_source(run_);
  program.arguments = arguments_;
  for (const std::string& text : environment_) {
    program.environment.push_back(parse_variable(text));
  }
  program.choose_by_name = used.count("--multi-call") > 0;
  directory.program = std::move(program);
}

}  // namespace xar::xarbuild
