// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"
#include "xar/base/suggestion.hpp"
#include "xarbuild/warnings.hpp"

namespace xar::xarbuild {
namespace {

namespace fs = std::filesystem;

// ": did you mean app?" for a file that is not there.
std::string suggestion_for(const fs::path& missing) {
  const auto meant =
      base::nearest_file(missing.has_filename() ? missing : missing.parent_path());
  return meant ? ": did you mean " + meant->native() + "?" : "";
}

void require_directory(const fs::path& source) {
  struct stat status {};
  if (::stat(source.c_str(), &status) != 0) {
    if (errno != ENOENT) base::throw_errno("cannot pack", source);
    throw base::Error("cannot pack", source,
                      "there is no such directory" + suggestion_for(source));
  }
  if (S_ISDIR(status.st_mode)) return;
  const bool is_program = S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0;
  throw base::Error("cannot pack", source,
                    is_program
                        ? "it is not a directory: give the one that it is in, and "
                          "--run " +
                              source.filename().native()
                        : "it is not a directory: give the one whose content goes in");
}

// For a path that is written from the working directory on, and not from the source.
void require_inside(const tree::Tree& tree, const fs::path& source, const Start& start) {
  const fs::path path =
      start.program ? start.program->path : start.executed.value_or(".");
  if (tree.find(path.native()) != nullptr) return;
  const fs::path meant = path.lexically_relative(source.lexically_normal());
  if (meant.empty() || tree.find(meant.native()) == nullptr) return;
  throw base::Error("cannot execute", path.native(),
                    "it is to be a path in " + source.native() + ": did you mean " +
                        meant.native() + "?");
}

void set_start(Input& input, const Start& start) {
  if (start.executed) {
    input.target = start.executed;
    warn(archive::check_executable(input.tree, *input.target,
                                   archive::Executor::kLauncher));
  }
  if (start.program) {
    warn(archive::check_executable(input.tree, start.program->path,
                                   archive::Executor::kKernel));
    input.target = archive::add_start_script(input.tree, *start.program);
  }
}

Input read_directory(const Directory& directory, tree::ScanOptions scan) {
  require_directory(directory.source);
  scan.one_file_system = directory.one_file_system;
  Input input;
  input.tree = tree::scan(directory.source, scan);
  require_inside(input.tree, directory.source, directory.start);
  set_start(input, directory.start);
  return input;
}

tree::Tar read_tar(const fs::path& source, const tree::ScanOptions& scan) {
  if (source != "-") {
    const base::Fd fd = base::open_file(source, O_RDONLY);
    return tree::read_tar(fd.get(), source, scan);
  }
  if (::isatty(STDIN_FILENO) != 0) {
    throw base::Error("cannot read", "standard input",
                      "it is a terminal: give a tar file, or pipe one in");
  }
  return tree::read_tar(STDIN_FILENO, "standard input", scan);
}

Input read_tar_file(const TarFile& file, const tree::ScanOptions& scan) {
  tree::Tar tar = read_tar(file.source, scan);
  Input input;
  input.tree = std::move(tar.tree);
  input.warnings = std::move(tar.warnings);
  set_start(input, file.start);
  return input;
}

std::vector<fs::path> own_output(const Options& options) {
  std::vector<fs::path> paths = {options.output};
  if (!options.cache_folder.empty()) paths.push_back(options.cache_folder);
  return paths;
}

// In the original's form: 'a' 'b'.
std::string quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : " '") + name + "'";
  return text;
}

// What is no file is taken for a requirement, and can be a mistyped file.
python::Package package_or_suggest(const python::Application& application) {
  try {
    return python::package(application);
  } catch (const base::Error& error) {
    for (const std::string& input : application.inputs) {
      std::error_code failed;
      if (fs::exists(input, failed) || failed) continue;
      const std::string suggestion = suggestion_for(input);
      if (suggestion.empty()) continue;
      throw base::Error(error.kind(), error.what() + suggestion);
    }
    throw;
  }
}

Input read_application(python::Application application, const tree::ScanOptions& scan) {
  application.scan = scan;
  application.meanwhile = scan.meanwhile;
  python::Package package = package_or_suggest(application);
  Input input{std::move(package.files),   std::move(package.tree),    package.target, {},
              std::move(package.startup), std::move(package.warnings)};
  if (!package.trampolines.empty()) {
    input.header_lines["XAREXEC_TRAMPOLINE_NAMES"] = quoted(package.trampolines);
  }
  return input;
}

}  // namespace

Input read_input(const Options& options, tree::ScanFindings& findings,
                 base::InterruptWatch& interrupts) {
  const tree::ScanOptions scan{.excluded = options.excluded,
                               .xattrs = options.xattrs,
                               .own_output = own_output(options),
                               .findings = &findings,
                               .meanwhile = [&interrupts] { interrupts.check(); }};
  if (const auto* application = std::get_if<python::Application>(&options.input)) {
    return read_application(*application, scan);
  }
  if (const auto* file = std::get_if<TarFile>(&options.input)) {
    return read_tar_file(*file, scan);
  }
  return read_directory(std::get<Directory>(options.input), scan);
}

}  // namespace xar::xarbuild
