// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "xar/base/error.hpp"
#include "xar/base/file.hpp"

namespace xar::xarexec {
namespace {

constexpr const char* kTimeoutFile = "/var/lib/xarexec_timeout_override";

constexpr const char* kFooter = R"(
FILE is a XAR: an application, or only files, in one file. It is mounted through
FUSE once, and every later run uses that mount. ARGS belong to the application.

Environment:
  XAR_MOUNT_SEED     a word that sets this caller's mounts apart from others
  XAR_MOUNT_TIMEOUT  seconds without use after which a mount goes away; 0: never;
                     870 unless set

Exit status: the application's own; 125 if xarexec itself failed, 126 if the
application cannot be executed, 127 if it is not in the archive.
)";

// The index of FILE in argv: the first word that is not an option.
int file_index(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") return i + 1;
    if (!word.starts_with('-')) return i;
  }
  return argc;
}

std::uint32_t parse_seconds(std::string_view text, const char* source) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::uint32_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, seconds);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    throw base::Error("bad time-out", source, "expected whole seconds, 0 for never");
  }
  return seconds;
}

// Help whose first line shows that FILE and ARGS follow the options.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: xarexec [OPTION] FILE [ARGS...]\n";
  }
};

// The options that stand before FILE. Empty once help or version is printed.
std::optional<Action> parse_flags(int argc, char** argv) {
  CLI::App app("Runs the application in a XAR, or mounts its files.", "xarexec");
  bool mount = false;
  bool print = false;
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.set_version_flag("--version", "xarexec " XAR_VERSION, "Print the version and exit");
  auto* mount_flag =
      app.add_flag("-m,--mount", mount, "Mount FILE, print its directory, run nothing");
  app.add_flag("-n,--print-mountpoint", print,
               "Print the directory where FILE is or would be mounted, mount nothing")
      ->excludes(mount_flag);
  app.footer(kFooter);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for) {
    app.exit(asked_for, std::cout, std::cerr);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw base::Error(std::string(error.what()) + ": see xarexec --help");
  }
  if (mount) return Action::kMount;
  return print ? Action::kPrintMountPoint : Action::kRun;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv) {
  Options options;
  const int file = file_index(argc, argv);
  if (file > 1 || argc <= 1) {
    const bool separated = file > 1 && std::string_view(argv[file - 1]) == "--";
    const auto action = parse_flags(separated ? file - 1 : std::min(file, argc), argv);
    if (!action) return std::nullopt;
    options.action = *action;
  }
  if (file >= argc) throw base::Error("no FILE given: see xarexec --help");
  options.file = argv[file];
  options.arguments = argv + file + 1;
  return options;
}

mount::Surroundings read_surroundings() {
  mount::Surroundings surroundings;
  if (const char* seed = std::getenv("XAR_MOUNT_SEED")) surroundings.seed = seed;
  if (const char* timeout = std::getenv("XAR_MOUNT_TIMEOUT")) {
    surroundings.timeout = parse_seconds(timeout, "XAR_MOUNT_TIMEOUT");
  } else if (std::filesystem::exists(kTimeoutFile)) {
    surroundings.timeout = parse_seconds(base::read_text(kTimeoutFile, 64), kTimeoutFile);
  }
  return surroundings;
}

}  // namespace xar::xarexec
