// SPDX-License-Identifier: BSD-2-Clause
#include "python/build_tools.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "python/build_files.hpp"
#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/process.hpp"

namespace xar::python {
namespace {

namespace fs = std::filesystem;

// A folder with a __main__.py is a program whose other modules are found there.
constexpr std::string_view kCollector = "collect";
constexpr std::string_view kCompiler = "compile";

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kPrograms = {{
    {"collect/__main__.py", kCollectFile},
    {"collect/bundle.py", kBundleFile},
    {"collect/environment.py", kEnvironmentFile},
    {"collect/inline_metadata.py", kInlineMetadataFile},
    {"collect/inputs.py", kInputsFile},
    {"collect/own_output.py", kOwnOutputFile},
    {"collect/report.py", kReportFile},
    {"collect/requirements.py", kRequirementsFile},
    {"collect/resolve.py", kResolveFile},
    {"collect/scripts.py", kScriptsFile},
    {"collect/tags.py", kTagsFile},
    {"collect/unpack.py", kUnpackFile},
    {"collect/wheel.py", kWheelFile},
    {"collect/zipped.py", kZippedFile},
    {"compile/__main__.py", kBytecodeFile},
    {"compile/missing.py", kMissingFile},
}};

// The programs leave this file to show that the interpreter has understood them.
constexpr std::string_view kStarted = "started";

void write_new_file(const fs::path& path, std::string_view content) {
  const base::Fd fd = base::open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  base::write_at(fd.get(), 0, base::as_bytes(content), path);
}

std::string_view last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

BuildTools::BuildTools(std::string interpreter, std::function<void()> meanwhile)
    : interpreter_(std::move(interpreter)), meanwhile_(std::move(meanwhile)) {
  base::ensure_directory(folder() / kCollector);
  base::ensure_directory(folder() / kCompiler);
  for (const auto& [name, content] : kPrograms) write_new_file(folder() / name, content);
}

void BuildTools::collect(std::vector<std::string> arguments) const {
  arguments.push_back("--workspace=" + folder().native());
  run(folder() / kCollector, std::move(arguments));
}

void BuildTools::compile(std::vector<std::string> arguments) const {
  run(folder() / kCompiler, std::move(arguments));
}

void BuildTools::run(const fs::path& program, std::vector<std::string> arguments) const {
  base::Command command;
  // Isolated, no bytecode beside our programs, and file names as they are.
  command.arguments = {interpreter_, "-I", "-B", "-X", "utf8", program};
  command.leads_group = true;
  for (std::string& argument : arguments) {
    command.arguments.push_back(std::move(argument));
  }
  base::Outcome outcome;
  try {
    outcome = base::run(command, meanwhile_);
  } catch (const base::SystemError& error) {
    if (error.number() != ENOENT) throw;
    throw base::Error("cannot find the interpreter", interpreter_,
                      "name another with --python");
  }
  if (::access((folder() / kStarted).c_str(), F_OK) != 0) {
    const std::string words(last_line(outcome.errors));
    throw base::Error("cannot use as the interpreter", interpreter_,
                      "it is no Python 3.9 or newer" +
                          (words.empty() ? "" : ", and says \"" + words + "\""));
  }
  if (outcome.status != 0) throw base::Error(last_line(outcome.errors));
}

}  // namespace xar::python
