// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/python_options.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace xar::xarbuild {
namespace {

using enum cli::Detail;

// Modules of the standard library that test it, or that only its developers run.
const std::vector<std::string> kStdlibTests = {"test",        "tests",        "idle_test",
                                               "idlelib",     "turtledemo",   "_test*.so",
                                               "_xxtest*.so", "xxlimited*.so"};

void add_inputs(cli::OptionSet& set, python::Application& application) {
  set.operands("INPUT", application.inputs,
               "Modules, script, project, wheel, black==23.1, venv, PEX");
  set.values("-r,--requirement", application.requirements, "FILE",
             "Pack what a requirements file lists, too");
}

void add_start(cli::OptionSet& set, python::Application& application) {
  set.value("-c,--script", application.script, "SCRIPT",
            "Run this script, which a distribution has");
  set.value("-e,--entry-point", application.entry_point, "MODULE",
            "Run MODULE, or MODULE:FUNCTION; else the only script");
  set.flag("--all-scripts", application.all_scripts,
           "Let the name that the archive is called by, or XAR_SCRIPT, choose among all "
           "console scripts",
           kRare);
}

void add_environment(cli::OptionSet& set, python::Application& application) {
  set.value("--python-shebang", application.shebang, "COMMAND",
            "What runs it instead: a command or an absolute path, with options if need "
            "be, as in a #! line",
            kRare);
  set.flag("--inherit-site", application.inherit_site,
           "Let the machine's own packages and PYTHONPATH count", kRare);
  set.flag("--export-paths", application.export_paths,
           "Set PYTHONPATH and LD_LIBRARY_PATH for the programs it starts", kRare);
}

}  // namespace

void PythonOptions::add_to(cli::OptionSet& set, python::Application& application) {
  add_inputs(set, application);
  set.value("--installer", installer_, "{pip,uv}",
            "What resolves requirements: pip (the interpreter's own) or uv; its options "
            "follow after --",
            kRare);
  add_start(set, application);
  set.value("--python", interpreter_, "INTERPRETER",
            "The interpreter that installs and compiles, python3 unless given; the "
            "archive runs with the same minor version",
            kRare);
  add_environment(set, application);
  set.flag("--bundle-python", application.bundle.wanted,
           "Pack the interpreter and its standard library, too");
  set.values("--exclude-stdlib", application.bundle.excluded, "GLOB",
             "Leave what matches GLOB out of the standard library; may be repeated",
             kRare);
  set.flag("--exclude-stdlib-tests", without_tests_,
           "Leave the standard library's tests and IDLE out", kRare);
}

std::span<char* const> PythonOptions::take_installer_options(
    std::span<char* const> words, python::Application& application) {
  const auto mark = std::ranges::find(
      words, "--", [](const char* word) { return std::string_view(word); });
  if (mark == words.end()) return words;
  application.installer_options.assign(mark + 1, words.end());
  return words.first(static_cast<std::size_t>(mark - words.begin()));
}

void PythonOptions::take(const cli::OptionSet& set,
                         python::Application& application) const {
  if (application.inputs.empty() && application.requirements.empty()) {
    set.refuse("nothing to pack: give an INPUT or -r FILE");
  }
  if (application.script && application.entry_point) {
    set.refuse("--script excludes --entry-point");
  }
  if (installer_ && *installer_ != "pip" && *installer_ != "uv") {
    set.refuse("bad value: --installer " + *installer_ + ": expected pip or uv");
  }
  if (installer_ == "uv") application.installer = python::Installer::kUv;
  if (interpreter_) application.interpreter = *interpreter_;
  if (without_tests_) {
    auto& excluded = application.bundle.excluded;
    excluded.insert(excluded.end(), kStdlibTests.begin(), kStdlibTests.end());
  }
}

}  // namespace xar::xarbuild
