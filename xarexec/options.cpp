// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/options.hpp"

#include <CLI/CLI.hpp>
#include <span>
#include <sstream>
#include <type_traits>

#include "xar/base/error.hpp"
#include "xarexec/output.hpp"
#include "xarexec/version.hpp"

namespace xar::xarexec {

// CLI11's own conversions of types would be instantiated for each of ours: words and
// whether they are there is all that is needed.
namespace {

CLI::callback_t into(std::optional<std::string>& value) {
  return [&value](const CLI::results_t& words) {
    value = words.front();
    return true;
  };
}

CLI::callback_t into(std::vector<std::string>& values) {
  return [&values](const CLI::results_t& words) {
    values = words;
    return true;
  };
}

constexpr int kAnyNumber = CLI::detail::expected_max_vector_size;

}  // namespace

void OptionSet::flag(const char* names, bool& value, const char* help) {
  app_.add_flag_callback(
      names, [&value] { value = true; }, help);
}

void OptionSet::value(const char* names, std::optional<std::string>& value,
                      const char* type, const char* help) {
  app_.add_option(names, into(value), help)->type_name(type)->allow_extra_args(false);
}

void OptionSet::values(const char* names, std::vector<std::string>& values,
                       const char* type, const char* help) {
  app_.add_option(names, into(values), help)
      ->type_name(type)
      ->expected(kAnyNumber)
      ->allow_extra_args(false);
}

void OptionSet::operand(const char* name, std::string& value, const char* help) {
  const auto fill = [&value](const CLI::results_t& words) {
    value = words.front();
    return true;
  };
  app_.add_option(name, fill, help)->required()->type_name("");
}

void OptionSet::optional_operand(const char* name, std::optional<std::string>& value,
                                 const char* help) {
  app_.add_option(name, into(value), help)->type_name("");
}

void OptionSet::operands(const char* name, std::vector<std::string>& values,
                         const char* help) {
  app_.add_option(name, into(values), help)->type_name("")->expected(kAnyNumber);
}

namespace {

using Arguments = std::span<char* const>;

constexpr const char* kFooter = R"(
FILE is a XAR: an application, or only files, in one file. It is mounted through
FUSE once, and every later run uses that mount. ARGS belong to the application.

Environment:
  XAR_BACKEND        how to get at the files, as --backend has it
  XAR_MOUNT_SEED     a word that sets this caller's mounts apart from others
  XAR_MOUNT_TIMEOUT  seconds without use after which a mount goes away; 0: never;
                     870 unless set
  XAR_CACHE_SIZE     how much a mount keeps decompressed: 64M unless set
  XDG_CACHE_HOME     where archives are unpacked that cannot be mounted, before
                     ~/.cache, TMPDIR, /var/tmp and others: see xarexec(1)

Exit status: the application's own; 125 if xarexec itself failed, 126 if the
application cannot be executed, 127 if it is not in the archive.
)";

// "-m, --mount", or only the long name.
std::string names_of(const Words& words, const char* between = ", ") {
  const std::string name = words.name;
  return *words.short_name == '\0' ? name : words.short_name + (between + name);
}

bool is_named(const Words& words, std::string_view word) {
  return !word.empty() && (word == words.name || word == words.short_name);
}

// Calls `visit` with a default-made command of each type that an option names.
template <typename Visit, std::size_t At = 0>
void for_each_command(const Visit& visit) {
  if constexpr (At < std::variant_size_v<Command>) {
    using C = std::variant_alternative_t<At, Command>;
    if constexpr (*C::kWords.name != '\0') visit(C());
    for_each_command<Visit, At + 1>(visit);
  }
}

std::string command_list() {
  constexpr std::size_t kColumn = 30;
  std::string text = "Commands, each with a --help of its own:\n";
  for_each_command([&text]<typename C>(const C&) {
    std::string line = "  " + names_of(C::kWords) + ' ' + C::kWords.operands;
    if (line.size() + 2 > kColumn) {
      text += line + '\n';
      line.clear();
    }
    line.resize(kColumn, ' ');
    text += line + C::kWords.summary + '\n';
  });
  return text;
}

// The help's first line, which CLI11 would word differently.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {
    label("REQUIRED", "");
    label("Positionals", "Operands");
  }
  std::string make_usage(const CLI::App*, std::string) const override {
    return usage_ + '\n';
  }

 private:
  std::string usage_;
};

// Whether there is something to do; else help or version has been printed.
bool parse_words(CLI::App& app, Arguments words) {
  app.set_help_flag("-h,--help", "Print this help and exit");
  try {
    // CLI11 takes them last first.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Success& asked_for) {
    std::ostringstream text;
    app.exit(asked_for, text, text);
    print(text.str());
    return false;
  } catch (const CLI::ParseError& error) {
    throw base::Error(std::string(error.what()) + ": see xarexec " + app.get_name() +
                      (app.get_name().empty() ? "" : " ") + "--help");
  }
  return true;
}

template <typename C>
std::optional<Command> parse_command(C command, Arguments words) {
  constexpr Words kNamed = C::kWords;
  std::string called = kNamed.program;
  if (*kNamed.name != '\0') called += ' ' + names_of(kNamed, "|");
  CLI::App app(kNamed.summary, kNamed.name);
  app.formatter(std::make_shared<HelpFormatter>("Usage: " + called + " [OPTION...] " +
                                                kNamed.operands));
  OptionSet options(app);
  command.describe(options);
  if (!parse_words(app, words)) return std::nullopt;
  return Command(std::move(command));
}

// The options that stand before FILE; all that follows it is the payload's.
std::optional<Command> parse_launch(Arguments words) {
  Launch launch;
  CLI::App app("Runs the application in a XAR, or mounts its files.", "");
  app.formatter(std::make_shared<HelpFormatter>(
      "Usage: xarexec [OPTION...] FILE [ARGS...]\n  or:  xarexec COMMAND ..."));
  app.set_version_flag("--version", version_text(), "Print the version and exit");
  app.footer(command_list() + kFooter);
  app.prefix_command();
  OptionSet options(app);
  launch.describe(options);
  if (!parse_words(app, words)) return std::nullopt;

  const std::vector<std::string> rest = app.remaining();
  std::size_t file = words.size() - rest.size();
  if (file < words.size() && std::string_view(words[file]) == "--") {
    ++file;
  } else if (file < words.size() && *words[file] == '-') {
    throw base::Error("unknown option: " + rest.front() + ": see xarexec --help");
  }
  if (file >= words.size()) throw base::Error("no FILE given: see xarexec --help");
  launch.file = words[file];
  launch.arguments = const_cast<char**>(words.data()) + file + 1;
  return launch;
}

// The names by which mount(8), and mount.fuse for "xar#FILE", call a helper for XARs.
bool is_mount_helper(std::string_view program) {
  program.remove_prefix(program.rfind('/') + 1);
  return program == "mount.xar" || program == "mount.fuse.xar" || program == "xar";
}

std::optional<Command> parse_mount_helper(Arguments words) {
  try {
    return parse_command(MountHelper(), words);
  } catch (const base::Error& error) {
    throw base::Error(error.what(), MountHelper::kWrongUse);
  }
}

// Where among the options in front the name of a command stands, if one does.
std::optional<std::size_t> find_command(Arguments words) {
  for (std::size_t i = 0; i < words.size() && *words[i] == '-'; ++i) {
    bool found = false;
    for_each_command(
        [&]<typename C>(const C&) { found |= is_named(C::kWords, words[i]); });
    if (found) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Command> parse_command_line(int argc, char** argv) {
  const Arguments words(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
  if (argc > 0 && is_mount_helper(argv[0])) return parse_mount_helper(words);
  if (words.empty()) throw base::Error("no FILE given: see xarexec --help");
  if (*words.front() != '-') return Launch{words.front(), argv + 2};

  const auto at = find_command(words);
  if (!at) return parse_launch(words);
  std::vector<char*> others(words.begin(), words.end());
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(*at));
  std::optional<Command> result;
  for_each_command([&]<typename C>(const C& command) {
    if (is_named(C::kWords, words[*at])) result = parse_command(command, others);
  });
  return result;
}

}  // namespace xar::xarexec
