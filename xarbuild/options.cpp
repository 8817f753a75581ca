// SPDX-License-Identifier: BSD-2-Clause
#include "xarbuild/options.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "xar/base/error.hpp"
#include "xar/base/number.hpp"
#include "xar/base/suggestion.hpp"
#include "xar/cli/option_set.hpp"
#include "xar/cli/run.hpp"
#include "xar/cli/value.hpp"
#include "xarbuild/list_file.hpp"
#include "xarbuild/packing_options.hpp"
#include "xarbuild/program_options.hpp"
#include "xarbuild/python_options.hpp"
#include "xarbuild/version.hpp"

namespace xar::xarbuild {
namespace {

using enum cli::Detail;

constexpr const char* kExitStatuses =
    "0 if there is an archive, 2 for wrong use, 125 if there is none";

constexpr const char* kNotes = "The same input makes the same file, byte for byte.";

std::vector<std::pair<const char*, const char*>> environment() {
  return {
      {"SOURCE_DATE_EPOCH",
       "Seconds since 1970: the archive's version, instead of the time of the newest "
       "file; files newer than that are dated back to it"},
      {"XAR_LOG", "debug: tell every step on standard error"},
      {"XDG_CACHE_HOME", "Where the cache of compressed blocks is, instead of ~/.cache"}};
}

// What both kinds of archive have in common, as it is written.
class CommonOptions {
 public:
  // `minor` is the detail of what a command with many options of its own leaves to
  // --help-all.
  void add_to(cli::OptionSet& set, Options& options, cli::Detail minor) {
    set.value("-o,--output", output_, "OUT", "The file to write; -: standard output");
    packing_.add_to(set, minor);
    add_selection(set, minor);
    add_start(set, options);
    set.flag("-q,--quiet", options.quiet, "Print nothing when all is well", kRare);
    set.flag("-v,--verbose", options.verbose,
             "Tell every step on standard error, as XAR_LOG=debug does", kRare);
    set.flag("--json", options.json, "Print what was made as a JSON object", kRare);
    set.flag("--dry-run", options.dry_run,
             "Print what would go in, how large and why; write nothing", kRare);
    set.flag("--force", options.force, "Replace OUT even if it is not a XAR", kRare);
  }

  // Once a line has been parsed by `set`.
  void take(const cli::OptionSet& set, Options& options) const;

 private:
  // What goes in, and whose it is.
  void add_selection(cli::OptionSet& set, cli::Detail minor) {
    set.values("--exclude", excluded_, "GLOB",
               "Leave out a name or, with a slash, a path", minor);
    set.values("--exclude-from", exclude_files_, "FILE",
               "Leave out what matches a line of FILE; lines that begin with # are "
               "comments",
               kRare);
    set.value("--owner", owner_, "{root,keep,UID:GID}",
              "Whose the files are; root's unless given", kRare);
    set.flag("--no-xattrs", without_xattrs_, "Leave out extended attributes", kRare);
  }

  // What starts it.
  void add_start(cli::OptionSet& set, Options& options) {
    set.flag("--standalone", options.standalone,
             "Put the launcher in front: it runs where no XAR does");
    set.value(
        "--launcher", program_, "FILE",
        "--standalone with the xarexec in FILE, such as one of another machine; the "
        "one beside xarbuild unless given",
        kRare);
    set.value(
        "--mount-root", mount_root_, "DIR",
        "Mount below DIR instead of /mnt/xarfuse or /dev/shm; its mode must be 1777",
        kRare);
    set.value("--xar-exec", launcher_, "CMD",
              "What starts the archive, for its first line; /usr/bin/env xarexec_fuse "
              "unless given",
              kRare);
  }

  std::optional<std::string> output_;
  std::optional<std::string> mount_root_;
  std::optional<std::string> program_;
  std::optional<std::string> launcher_;
  std::optional<std::string> owner_;
  std::vector<std::string> excluded_;
  std::vector<std::string> exclude_files_;
  bool without_xattrs_ = false;
  PackingOptions packing_;
};

std::optional<archive::Owner> parse_owner(const std::string& text) {
  if (text == "keep") return std::nullopt;
  if (text == "root") return archive::Owner{};
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto uid = base::parse_number<std::uint64_t>(text.substr(0, colon));
  const auto gid =
      base::parse_number<std::uint64_t>(text.substr(std::min(colon + 1, text.size())));
  if (uid && gid && *uid <= UINT32_MAX && *gid <= UINT32_MAX) {
    return archive::Owner{static_cast<std::uint32_t>(*uid),
                          static_cast<std::uint32_t>(*gid)};
  }
  throw cli::StatusError(cli::kWrongUse, "bad owner", text,
                         "expected keep, root or UID:GID in numbers");
}

// The patterns in a file, one a line; blank lines and those that begin with # aside.
void read_patterns(const std::filesystem::path& path,
                   std::vector<std::string>& patterns) {
  for (std::string& line : read_lines(path)) {
    if (!line.empty() && line.front() != '#') patterns.push_back(std::move(line));
  }
}

void CommonOptions::take(const cli::OptionSet& set, Options& options) const {
  if (!output_ && !options.dry_run) set.refuse("no -o OUT given");
  if (output_) options.output = *output_;
  packing_.take(set, options);
  options.mount_root = mount_root_;
  if (launcher_) options.launcher = *launcher_;
  options.program = program_;
  options.standalone |= program_.has_value();
  if (owner_) options.owner = parse_owner(*owner_);
  options.xattrs = !without_xattrs_;
  options.excluded = excluded_;
  for (const auto& file : exclude_files_) read_patterns(file, options.excluded);
}

std::optional<std::int64_t> read_source_date_epoch() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr) return std::nullopt;
  const auto seconds = base::parse_number<std::uint64_t>(text);
  if (!seconds || *seconds > UINT32_MAX) {
    throw cli::StatusError(cli::kWrongUse, "bad time", "SOURCE_DATE_EPOCH",
                           "expected seconds since 1970, up to 2^32-1");
  }
  return static_cast<std::int64_t>(*seconds);
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

using Arguments = std::span<char* const>;

// Parses `words`. Returns whether there is something to do; else text has been printed.
bool is_to_run(cli::OptionSet& set, Arguments words) {
  const auto text = set.parse(words);
  if (text) print(*text);
  return !text;
}

class DirCommand {
 public:
  DirCommand() {
    set_.operand("SOURCE", source_, "The directory whose content goes in");
    program_.add_to(set_);
    set_.flag(
        "--one-file-system", directory_.one_file_system,
        "Leave out what is on other file systems than SOURCE; where one is mounted, "
        "the archive has an empty directory",
        kRare);
    common_.add_to(set_, options_, kCommon);
  }

  std::optional<Options> parse(Arguments words) {
    if (!is_to_run(set_, words)) return std::nullopt;
    common_.take(set_, options_);
    directory_.source = source_;
    program_.take(set_, directory_.start);
    options_.input = std::move(directory_);
    return std::move(options_);
  }

  [[nodiscard]] const cli::OptionSet& set() const { return set_; }

 private:
  cli::OptionSet set_{{.command = "xarbuild dir",
                       .usage = "[OPTION...] SOURCE -o OUT",
                       .purpose = "Make an archive of a directory",
                       .exit_statuses = kExitStatuses,
                       .examples =
                           "  xarbuild dir app/ -o app.xar --exec run.sh\n"
                           "  xarbuild dir root/ -o git --run usr/bin/git --standalone\n",
                       .notes = kNotes,
                       .environment = environment()}};
  Options options_;
  Directory directory_;
  std::string source_;
  ProgramOptions program_;
  CommonOptions common_;
};

class TarCommand {
 public:
  TarCommand() {
    set_.operand("SOURCE", source_,
                 "The tar file, compressed or not, whose content goes in; - is standard "
                 "input");
    program_.add_to(set_);
    common_.add_to(set_, options_, kCommon);
  }

  std::optional<Options> parse(Arguments words) {
    if (!is_to_run(set_, words)) return std::nullopt;
    common_.take(set_, options_);
    TarFile file;
    file.source = source_;
    program_.take(set_, file.start);
    options_.input = std::move(file);
    return std::move(options_);
  }

  [[nodiscard]] const cli::OptionSet& set() const { return set_; }

 private:
  cli::OptionSet set_{{.command = "xarbuild tar",
                       .usage = "[OPTION...] SOURCE -o OUT",
                       .purpose = "Make an archive of what a tar file has",
                       .exit_statuses = kExitStatuses,
                       .examples = "  xarbuild tar app.tar.gz -o app.xar --exec run.sh\n"
                                   "  tar -C root -c . | xarbuild tar - -o git --run "
                                   "usr/bin/git\n",
                       .notes = kNotes,
                       .environment = environment()}};
  Options options_;
  std::string source_;
  ProgramOptions program_;
  CommonOptions common_;
};

class PythonCommand {
 public:
  PythonCommand() {
    python_.add_to(set_, application_);
    common_.add_to(set_, options_, kRare);
  }

  std::optional<Options> parse(Arguments words) {
    const Arguments own = PythonOptions::take_installer_options(words, application_);
    if (!is_to_run(set_, own)) return std::nullopt;
    python_.take(set_, application_);
    common_.take(set_, options_);
    options_.input = std::move(application_);
    return std::move(options_);
  }

  [[nodiscard]] const cli::OptionSet& set() const { return set_; }

 private:
  cli::OptionSet set_{{.command = "xarbuild python",
                       .usage = "[OPTION...] INPUT... -o OUT [-- INSTALLER-OPTION...]",
                       .purpose = "Make an archive of a Python application",
                       .exit_statuses = kExitStatuses,
                       .examples = "  xarbuild python src/ -o tool.xar -e tool:main\n"
                                   "  xarbuild python script.py -o script --standalone\n",
                       .notes = kNotes,
                       .environment = environment()}};
  Options options_;
  python::Application application_;
  PythonOptions python_;
  CommonOptions common_;
};

// "xarbuild dir --fast" for options that a command should stand before.
void suggest_options(cli::OptionSet& set, const std::string& command,
                     const cli::OptionSet& of_command) {
  for (const std::string& name : of_command.long_names()) {
    set.suggest(name, "xarbuild " + command + ' ' + name);
  }
}

// Which command makes an archive of the file or directory; empty where there is none.
std::string command_for(const std::filesystem::path& input) {
  std::error_code failed;
  if (!std::filesystem::is_directory(input, failed)) {
    if (!std::filesystem::is_regular_file(input, failed)) return "";
    return input.native().find(".tar") != std::string::npos ? "tar" : "python";
  }
  for (const char* name :
       {"pyproject.toml", "setup.py", "__main__.py", "pyvenv.cfg", "requirements.txt"}) {
    if (std::filesystem::exists(input / name, failed)) return "python";
  }
  return "dir";
}

// What is written before a command: help or version, or nothing that is known.
void parse_without_command(Arguments words) {
  cli::OptionSet set({.command = "xarbuild",
                      .usage = "COMMAND ...",
                      .purpose =
                          "Make one file of a whole application, a XAR, which runs "
                          "itself",
                      .exit_statuses = kExitStatuses,
                      .examples = "  xarbuild dir app/ -o app.xar --exec run.sh\n"
                                  "  xarbuild python src/ -o tool.xar -e tool:main\n",
                      .notes = kNotes,
                      .environment = environment(),
                      .version = version_text()});
  set.command("dir", "Make an archive of a directory: xarbuild dir --help");
  set.command("tar", "Make an archive of what a tar file has: xarbuild tar --help");
  set.command("python",
              "Make an archive of a Python application: xarbuild python --help");
  suggest_options(set, "dir", DirCommand().set());
  suggest_options(set, "tar", TarCommand().set());
  suggest_options(set, "python", PythonCommand().set());
  std::size_t end = 0;
  if (const auto text = set.parse_front(words, end)) return print(*text);
  if (end == words.size()) set.refuse("no command given: dir, tar or python");
  const std::string word = words[end];
  const auto meant = base::suggestion(word, {"dir", "tar", "python"});
  const std::string command = meant ? "" : command_for(word);
  if (!command.empty()) {
    set.refuse("no command given: did you mean xarbuild " + command + " " + word + "?");
  }
  set.refuse(
      "unknown command: " + word +
      (meant ? ": did you mean " + *meant + "?" : ": there are dir, tar and python"));
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv) {
  const Arguments words(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
  std::optional<Options> options;
  if (!words.empty() && std::string_view(words.front()) == "dir") {
    options = DirCommand().parse(words.subspan(1));
  } else if (!words.empty() && std::string_view(words.front()) == "tar") {
    options = TarCommand().parse(words.subspan(1));
  } else if (!words.empty() && std::string_view(words.front()) == "python") {
    options = PythonCommand().parse(words.subspan(1));
  } else {
    parse_without_command(words);
  }
  if (options) options->source_date_epoch = read_source_date_epoch();
  return options;
}

}  // namespace xar::xarbuild
