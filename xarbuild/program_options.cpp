// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/program_options.hpp"

#include <filesystem>

#include "xar/base/error.hpp"
#include "xar/cli/run.hpp"
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
    throw cli::StatusError(cli::kWrongUse, "bad variable", text, "expected NAME=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void ProgramOptions::add_to(cli::OptionSet& set) {
  set.value("--exec", executed_, "PATH",
            "Execute PATH in SOURCE; it gets the archive's path first");
  set.value("--run", run_, "PATH",
            "Execute PATH in SOURCE; it gets the user's arguments only");
  set.values("--arg", arguments_, "ARG",
             "With --run: an argument before the user's; {root} is where the files are",
             cli::Detail::kRare);
  set.values("--env", environment_, "NAME=VALUE",
             "With --run: set a variable; {root} as above, {env:NAME} is the caller's "
             "variable",
             cli::Detail::kRare);
  set.flag("--multi-call", choose_by_name_,
           "With --run: the name of the archive or of a link to it chooses a program "
           "beside PATH",
           cli::Detail::kRare);
}

void ProgramOptions::take(const cli::OptionSet& set, Start& start) const {
  if (executed_ && run_) set.refuse("--exec excludes --run");
  if (executed_) start.executed = path_in_source(*executed_);
  if (!run_) {
    if (!arguments_.empty()) set.refuse("--arg requires --run");
    if (!environment_.empty()) set.refuse("--env requires --run");
    if (choose_by_name_) set.refuse("--multi-call requires --run");
    return;
  }
  archive::Program program;
  program.path = path_in_source(*run_);
  program.arguments = arguments_;
  for (const std::string& text : environment_) {
    program.environment.push_back(parse_variable(text));
  }
  program.choose_by_name = choose_by_name_;
  start.program = std::move(program);
}

}  // namespace xar::xarbuild
