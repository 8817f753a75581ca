// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "xar/base/error.hpp"
#include "xarbuild/list_file.hpp"
#include "xarbuild/packing_options.hpp"
#include "xarbuild/program_options.hpp"
#include "xarbuild/python_options.hpp"
#include "xarbuild/version.hpp"

namespace xar::xarbuild {
namespace {

constexpr const char* kFooter = R"help(
Examples:
  xarbuild dir app/ -o app.xar --exec run.sh      then: ./app.xar
  xarbuild dir data/ -o data.xar                  then: ls "$(xarexec -m data.xar)"
  xarbuild python src/ -o tool.xar -e tool:main   then: ./tool.xar
  xarbuild dir root/ -o git --run usr/bin/git --standalone
  xarbuild python black==23.1 -o black.xar -c black
  xarbuild python . -r requirements.txt -o app.xar -- --no-index --find-links wheels/

Environment:
  SOURCE_DATE_EPOCH  seconds since 1970: the archive's version, instead of the time
                     of the newest file; files newer than that are dated back to it
  XDG_CACHE_HOME     where the cache of compressed blocks is, instead of ~/.cache

The same input makes the same file, byte for byte. Exit status: 0, or 125 if there
is no archive.
)help";

// Options as they were written, to be looked at once the line is complete.
struct Choices {
  std::string mount_root;
  std::string program;
  std::string owner = "root";
  std::vector<std::filesystem::path> exclude_files;
  PackingOptions packing;
  ProgramOptions program_options;
};

// A number that is all of `text`.
std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

Owner parse_owner(const std::string& text) {
  if (text == "keep") return KeepOwners{};
  if (text == "root") return OneOwner{};
  const std::size_t colon = text.find(':');
  if (colon != text.npos) {
    const std::string_view both = text;
    const auto uid = parse_number(both.substr(0, colon));
    const auto gid = parse_number(both.substr(colon + 1));
    if (uid && gid) return OneOwner{*uid, *gid};
  }
  throw base::Error("bad owner", text, "expected keep, root or UID:GID in numbers");
}

// The patterns in a file, one a line; blank lines and those that begin with # aside.
void read_patterns(const std::filesystem::path& path,
                   std::vector<std::string>& patterns) {
  for (std::string& line : read_lines(path)) {
    if (!line.empty() && line.front() != '#') patterns.push_back(std::move(line));
  }
}

// What goes in, and whose it is.
void add_selection(CLI::App& command, Options& options, Choices& choices) {
  command
      .add_option("--exclude", options.excluded,
                  "Leave out what matches GLOB: a name anywhere, or with a slash a path "
                  "in SOURCE; may be repeated")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command
      .add_option("--exclude-from", choices.exclude_files,
                  "Leave out what matches a line of FILE; lines that begin with # are "
                  "comments")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--owner", choices.owner, "Whose the files are: keep, root or UID:GID")
      ->capture_default_str();
  command.add_flag("!--no-xattrs", options.xattrs, "Leave out extended attributes");
}

// What starts it.
void add_standalone(CLI::App& command, Options& options, Choices& choices) {
  command.add_flag("--standalone", options.standalone,
                   "Put the launcher in front: a file that needs nothing on the machine "
                   "that runs it");
  command
      .add_option("--launcher", choices.program,
                  "--standalone with the xarexec in FILE, such as one of another "
                  "machine; the one beside xarbuild unless given")
      ->type_name("FILE");
}

// What both kinds of archive have in common.
void add_common(CLI::App& command, Options& options, Choices& choices) {
  add_selection(command, options, choices);
  command.add_option("-o,--output", options.output, "The file to write")
      ->required()
      ->type_name("OUT");
  choices.packing.add_to(command, options);
  command
      .add_option(
          "--mount-root", choices.mount_root,
          "Mount below DIR instead of /mnt/xarfuse or /dev/shm; its mode must be 1777")
      ->type_name("DIR");
  command
      .add_option("--xar-exec", options.launcher,
                  "What starts the archive, for its first line")
      ->type_name("CMD")
      ->capture_default_str();
  add_standalone(command, options, choices);
  command.add_flag("-q,--quiet", options.quiet, "Print nothing when all is well");
  command.add_flag("--json", options.json, "Print what was made as a JSON object");
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
    app_.set_version_flag("--version", version_text(), "Print the version and exit");
    app_.require_subcommand(1);
    app_.footer(kFooter);
    add_dir();
    add_python();
  }

  // Whether there is something to build; else help or version has been printed.
  bool parse(int argc, char** argv) {
    std::vector<std::string> words(argv + 1, argv + argc);
    application_.installer_options = take_installer_options(words);
    std::ranges::reverse(words);  // CLI11 takes them from the end
    try {
      app_.parse(std::move(words));
    } catch (const CLI::Success& asked_for) {
      app_.exit(asked_for, std::cout, std::cerr);
      return false;
    } catch (const CLI::ParseError& error) {
      throw base::Error(std::string(error.what()) + ": see xarbuild --help");
    }
    return true;
  }

  Options take() {
    const CLI::App& used = python_->parsed() ? *python_ : *dir_;
    options_.mount_root = given(used, "--mount-root", choices_.mount_root);
    choices_.packing.settle(used, options_);
    options_.program = given(used, "--launcher", choices_.program);
    options_.standalone |= options_.program.has_value();
    options_.owner = parse_owner(choices_.owner);
    for (const auto& file : choices_.exclude_files)
      read_patterns(file, options_.excluded);
    if (python_->parsed()) {
      options_.input = take_application();
    } else {
      choices_.program_options.take(*dir_, directory_);
      options_.input = directory_;
    }
    options_.source_date_epoch = read_source_date_epoch();
    return std::move(options_);
  }

 private:
  static std::optional<std::string> given(const CLI::App& command, const char* option,
                                          const std::string& value) {
    if (command.count(option) == 0) return std::nullopt;
    return value;
  }

  python::Application take_application() {
    if (application_.inputs.empty() && application_.requirements.empty()) {
      throw base::Error("nothing to pack: give an INPUT or -r FILE: see xarbuild --help");
    }
    application_.scan.excluded = options_.excluded;
    application_.scan.xattrs = options_.xattrs;
    return std::move(application_);
  }

  void add_dir() {
    dir_ = app_.add_subcommand("dir", "Make an archive of a directory");
    dir_->add_option("SOURCE", directory_.source, "The directory whose content goes in")
        ->required();
    choices_.program_options.add_to(*dir_);
    add_common(*dir_, options_, choices_);
  }

  void add_python() {
    python_ = app_.add_subcommand(
        "python",
        "Make a runnable archive of a Python application; after -- come options for pip");
    add_python_options(*python_, application_);
    add_common(*python_, options_, choices_);
  }

  Options options_;
  python::Application application_;
  Directory directory_;
  Choices choices_;
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
