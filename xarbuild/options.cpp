// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "xar/base/error.hpp"

namespace xar::xarbuild {
namespace {

constexpr const char* kFooter = R"help(
Examples:
  xarbuild dir app/ -o app.xar --exec run.sh      then: ./app.xar
  xarbuild dir data/ -o data.xar                  then: ls "$(xarexec -m data.xar)"
  xarbuild python src/ -o tool.xar -e tool:main   then: ./tool.xar

Environment:
  SOURCE_DATE_EPOCH  seconds since 1970 that become the archive's version, instead
                     of the time of the newest file

The same input makes the same file, byte for byte. Exit status: 0, or 125 if there
is no archive.
)help";

// CLI11 would wrap a negative size around.
std::string refuse_negative(std::string& size) {
  return size.starts_with('-') ? "expected a size such as 128K or 1M" : "";
}

// What both kinds of archive have in common.
void add_common(CLI::App& command, Options& options, std::string& mount_root) {
  command.add_option("-o,--output", options.output, "The file to write")
      ->required()
      ->type_name("OUT");
  command.add_option("--zstd-level", options.zstd_level, "1 (fast) to 22 (small)")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option(
          "--block-size", options.block_size,
          "Bytes compressed together: a power of two, 4K to 1M; 128K unless given")
      ->transform(CLI::AsSizeValue(false))
      ->transform(CLI::Validator(refuse_negative, ""))
      ->type_name("N");
  command
      .add_option("-j,--threads", options.threads,
                  "Compress on N threads; one a core unless given")
      ->type_name("N");
  command
      .add_option(
          "--mount-root", mount_root,
          "Mount below DIR instead of /mnt/xarfuse or /dev/shm; its mode must be 1777")
      ->type_name("DIR");
  command
      .add_option("--xar-exec", options.launcher,
                  "What starts the archive, for its first line")
      ->type_name("CMD")
      ->capture_default_str();
  command.add_flag("-q,--quiet", options.quiet, "Print nothing when all is well");
  command.add_flag("--force", options.force, "Replace OUT even if it is not a XAR");
}

std::optional<std::int64_t> read_source_date_epoch() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr) return std::nullopt;
  const std::string_view digits = text;
  std::int64_t seconds = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, seconds);
  if (parsed.ec != std::errc() || parsed.ptr != end || seconds < 0 ||
      seconds > UINT32_MAX) {
    throw base::Error("bad time", "SOURCE_DATE_EPOCH",
                      "expected seconds since 1970, up to 2^32-1");
  }
  return seconds;
}

// The two subcommands with what each understands, and the options they fill.
class CommandLine {
 public:
  CommandLine() {
    app_.set_help_flag("-h,--help", "Print this help and exit");
    app_.set_version_flag("--version", "xarbuild " XAR_VERSION,
                          "Print the version and exit");
    app_.require_subcommand(1);
    app_.footer(kFooter);
    add_dir();
    add_python();
  }

  // Whether there is something to build; else help or version has been printed.
  bool parse(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& asked_for) {
      app_.exit(asked_for, std::cout, std::cerr);
      return false;
    } catch (const CLI::ParseError& error) {
      throw base::Error(std::string(error.what()) + ": see xarbuild --help");
    }
    return true;
  }

  Options take() {
    if (python_->parsed()) {
      options_.input = application_;
    } else {
      options_.input = Directory{given(*dir_, "--exec", executed_)};
    }
    const CLI::App& used = python_->parsed() ? *python_ : *dir_;
    options_.mount_root = given(used, "--mount-root", mount_root_);
    options_.source_date_epoch = read_source_date_epoch();
    return std::move(options_);
  }

 private:
  static std::optional<std::string> given(const CLI::App& command, const char* option,
                                          const std::string& value) {
    if (command.count(option) == 0) return std::nullopt;
    return value;
  }

  void add_dir() {
    dir_ = app_.add_subcommand("dir", "Make an archive of a directory");
    dir_->add_option("SOURCE", options_.source, "The directory whose content goes in")
        ->required();
    dir_->add_option(
            "--exec", executed_,
            "What running the archive executes, a path inside SOURCE; without it "
            "the archive is only for mounting")
        ->type_name("PATH");
    add_common(*dir_, options_, mount_root_);
  }

  void add_python() {
    python_ =
        app_.add_subcommand("python", "Make a runnable archive of a Python application");
    python_->add_option("SOURCE", options_.source, "A directory of Python modules")
        ->required();
    python_
        ->add_option("-e,--entry-point", application_.entry_point,
                     "The module to run, or the function in it to call")
        ->required()
        ->type_name("MODULE[:FUNCTION]");
    python_
        ->add_option("--python", application_.interpreter,
                     "The interpreter that runs it: a command or an absolute path")
        ->type_name("INTERPRETER")
        ->capture_default_str();
    add_common(*python_, options_, mount_root_);
  }

  Options options_;
  PythonApplication application_;
  std::string executed_;
  std::string mount_root_;
  CLI::App app_{"Makes one file of a whole application: a XAR, which runs itself.",
                "xarbuild"};
  CLI::App* dir_ = nullptr;
  CLI::App* python_ = nullptr;
};

}  // namespace

std::optional<Options> parse_options(int argc, char** argv) {
  CommandLine line;
  if (!line.parse(argc, argv)) return std::nullopt;
  return line.take();
}

}  // namespace xar::xarbuild
