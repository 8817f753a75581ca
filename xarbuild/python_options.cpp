// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/python_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace xar::xarbuild {
namespace {

// Modules of the standard library that test it, or that only its developers run.
const std::vector<std::string> kStdlibTests = {"test",        "tests",        "idle_test",
                                               "idlelib",     "turtledemo",   "_test*.so",
                                               "_xxtest*.so", "xxlimited*.so"};

void add_inputs(CLI::App& command, python::Application& application) {
  command.add_option("INPUT", application.inputs,
                     "A directory of modules, a script, a wheel, a project or its source "
                     "distribution, a requirement such as black==23.1 or an address, a "
                     "virtual environment, a PEX, a zipapp or a zip; any mix of them");
  command
      .add_option("-r,--requirement", application.requirements,
                  "Pack what a requirements file lists too; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option_function<std::string>(
          "--installer",
          [&application](const std::string& name) {
            application.installer =
                name == "uv" ? python::Installer::kUv : python::Installer::kPip;
          },
          "What resolves requirements: pip (the interpreter's own) or uv; its options "
          "follow after --")
      ->check(CLI::IsMember({"pip", "uv"}))
      ->type_name("NAME");
}

void add_start(CLI::App& command, python::Application& application) {
  CLI::Option* script =
      command
          .add_option("-c,--script", application.script,
                      "Run the script of this name, which a distribution has")
          ->type_name("SCRIPT");
  command
      .add_option("-e,--entry-point", application.entry_point,
                  "Run a module, or call the function in it; without -c and -e a "
                  "__main__.py is run, or the only console script")
      ->type_name("MODULE[:FUNCTION]")
      ->excludes(script);
  command.add_flag("--all-scripts", application.all_scripts,
                   "Let the name that the archive is called by, or XAR_SCRIPT, choose "
                   "among all console scripts");
}

void add_interpreter(CLI::App& command, python::Application& application) {
  command
      .add_option("--python", application.interpreter,
                  "The interpreter that installs and compiles; the archive runs with "
                  "the same minor version")
      ->type_name("INTERPRETER")
      ->capture_default_str();
  command
      .add_option("--python-shebang", application.shebang,
                  "What runs it instead: a command or an absolute path, with options if "
                  "need be, as in a #! line")
      ->type_name("COMMAND");
  command.add_flag("--inherit-site", application.inherit_site,
                   "Let the machine's own packages and PYTHONPATH count");
  command.add_flag("--export-paths", application.export_paths,
                   "Set PYTHONPATH and LD_LIBRARY_PATH for the programs it starts");
}

void add_bundle(CLI::App& command, python::Application& application) {
  command.add_flag("--bundle-python", application.bundle.wanted,
                   "Pack the interpreter, its standard library and the shared libraries "
                   "that they need too");
  command
      .add_option("--exclude-stdlib", application.bundle.excluded,
                  "Leave what matches GLOB out of the standard library; may be repeated")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command.add_flag_callback(
      "--exclude-stdlib-tests",
      [&application] {
        auto& excluded = application.bundle.excluded;
        excluded.insert(excluded.end(), kStdlibTests.begin(), kStdlibTests.end());
      },
      "Leave the standard library's tests and IDLE out");
}

}  // namespace

void add_python_options(CLI::App& command, python::Application& application) {
  add_inputs(command, application);
  add_start(command, application);
  add_interpreter(command, application);
  add_bundle(command, application);
}

std::vector<std::string> take_installer_options(std::vector<std::string>& words) {
  if (words.empty() || words.front() != "python") return {};
  const auto mark = std::ranges::find(words, "--");
  if (mark == words.end()) return {};
  std::vector<std::string> taken(mark + 1, words.end());
  words.erase(mark, words.end());
  return taken;
}

}  // namespace xar::xarbuild
