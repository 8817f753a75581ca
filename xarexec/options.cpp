// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/options.hpp"

#include <span>

#include "xar/base/error.hpp"
#include "xar/cli/option_set.hpp"
#include "xarexec/output.hpp"
#include "xarexec/version.hpp"

namespace xar::xarexec {
namespace {

using Arguments = std::span<char* const>;

constexpr const char* kNotes =
    "FILE is a XAR: an application, or only files, in one file. It is mounted through "
    "FUSE once, and every later run uses that mount. ARGS belong to the application.";

// "-m, --mount", or only the long name.
std::string names_of(const CommandInfo& words) {
  const std::string name = words.name;
  return *words.short_name == '\0' ? name : words.short_name + (", " + name);
}

bool is_named(const CommandInfo& words, std::string_view word) {
  return !word.empty() && (word == words.name || word == words.short_name);
}

// Calls `visit` with a default-made command of each type that an option names.
template <typename Visit, std::size_t At = 0>
void for_each_command(const Visit& visit) {
  if constexpr (At < std::variant_size_v<Command>) {
    using C = std::variant_alternative_t<At, Command>;
    if constexpr (*C::kInfo.name != '\0') visit(C());
    for_each_command<Visit, At + 1>(visit);
  }
}

cli::Description description_of(const CommandInfo& words) {
  const bool named = *words.name != '\0';
  const std::string space = *words.operands == '\0' ? "" : " ";
  return {.command = words.program + (named ? std::string(" ") + words.name : ""),
          .usage = "[OPTION...]" + space + words.operands,
          .purpose = words.summary,
          .exit_statuses =
              words.exit_statuses + std::string("; 2 for wrong use, 125 for failure"),
          .examples = words.examples,
          .short_help = words.short_help};
}

template <typename C>
std::optional<Command> parse_command(C command, Arguments words, int wrong_use) {
  cli::Description description = description_of(C::kInfo);
  description.wrong_use = wrong_use;
  if (wrong_use != cli::kWrongUse) description.exit_statuses = C::kInfo.exit_statuses;
  cli::OptionSet options(std::move(description));
  command.describe(options);
  if (const auto text = options.parse(words)) {
    print(*text);
    return std::nullopt;
  }
  return Command(std::move(command));
}

cli::Description launch_description() {
  return {
      .command = "xarexec",
      .usage = "[OPTION...] FILE [ARGS...] | COMMAND ...",
      .purpose = "Run the application in a XAR, or mount its files",
      .exit_statuses =
          "the application's; 125 if it is not launched, 126 if it cannot be executed, "
          "127 if it is not in FILE; of commands also 2 for wrong use",
      .examples = "  xarexec app.xar --help\n  ls \"$(xarexec --mount data.xar)\"\n",
      .notes = kNotes,
      .environment =
          {{"XAR_BACKEND", "How to get at the files, as --backend has it"},
           {"XAR_MOUNT_SEED", "A word that sets this caller's mounts apart from others"},
           {"XAR_MOUNT_TIMEOUT",
            "Seconds without use after which a mount goes away; 0: never; 870 unless "
            "set"},
           {"XAR_CACHE_SIZE", "How much a mount keeps decompressed: 64M unless set"},
           {"XAR_LOG",
            "debug: tell every step of a launch on standard error, and of a "
            "mount's server in the system's log"},
           {"XDG_CACHE_HOME",
            "Where archives are unpacked that cannot be mounted, before ~/.cache, "
            "TMPDIR, /var/tmp and others: see xarexec(1)"}},
      .version = version_text(),
      .wrong_use = cli::kExitFailure};
}

// The options that stand before FILE; all that follows it is the payload's.
std::optional<Command> parse_launch(Arguments words) {
  Launch launch;
  cli::OptionSet options(launch_description());
  for_each_command([&]<typename C>(const C&) {
    const std::string space = *C::kInfo.operands == '\0' ? "" : " ";
    options.command(names_of(C::kInfo) + space + C::kInfo.operands, C::kInfo.summary);
    options.suggest(C::kInfo.name, C::kInfo.name);
  });
  launch.describe(options);
  std::size_t file = 0;
  if (const auto text = options.parse_front(words, file)) {
    print(*text);
    return std::nullopt;
  }
  if (file >= words.size()) options.refuse("no FILE given");
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
  return parse_command(MountHelper(), words, MountHelper::kWrongUse);
}

// Where among the options in front the name of a command stands, if one does.
std::optional<std::size_t> find_command(Arguments words) {
  for (std::size_t i = 0; i < words.size() && *words[i] == '-'; ++i) {
    if (std::string_view(words[i]) == "--") break;
    bool found = false;
    for_each_command(
        [&]<typename C>(const C&) { found |= is_named(C::kInfo, words[i]); });
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
    if (is_named(C::kInfo, words[*at])) {
      result = parse_command(command, others, cli::kWrongUse);
    }
  });
  return result;
}

}  // namespace xar::xarexec
