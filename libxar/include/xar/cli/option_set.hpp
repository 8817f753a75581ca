// SPDX-License-Identifier: BSD-2-Clause
// A command line: which options and operands a command has, their parsing, and its help.
// Syntax is that of getopt_long: "-o OUT", "-oOUT", "--output OUT", "--output=OUT", flags
// together as in "-lR", options and operands in any order, only operands behind "--".
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
#include "xar/cli/run.hpp"

namespace xar::cli {

// What help says of a command, beside its options.
struct Description {
  std::string command = {};        // "xarbuild dir"
  std::string usage = {};          // what follows it: "[OPTION...] SOURCE -o OUT"
  const char* purpose = "";        // one sentence without a full stop
  std::string exit_statuses = {};  // "0 if ..., 2 if ..."
  const char* examples = "";       // lines that run as they are
  // What only --help-all shows: a paragraph, and variables with what they do.
  const char* notes = "";
  std::vector<std::pair<const char*, const char*>> environment = {};
  const char* version = nullptr;  // what --version prints, where there is one
  bool short_help = true;         // whether -h is --help
  int wrong_use = kWrongUse;      // the exit status for words that are not understood
};

// Whether an option is explained by --help or, to keep that short, by --help-all.
enum class Detail { kCommon, kRare };

// What is passed by reference is filled while the command line is parsed, and has to
// live until then. Texts are borrowed.
class OptionSet {
 public:
  explicit OptionSet(Description description);
  OptionSet(const OptionSet&) = delete;
  OptionSet& operator=(const OptionSet&) = delete;

  // `names` as "-l,--long"; `help` is one sentence without a full stop.
  void flag(const char* names, bool& value, const char* help,
            Detail detail = Detail::kCommon);
  // An option with a value, shown as `type`: "SECONDS", or "{pip,uv}" for one of these
  // words; it may be given once.
  void value(const char* names, std::optional<std::string>& value, const char* type,
             const char* help, Detail detail = Detail::kCommon);
  // One that may be given several times.
  void values(const char* names, std::vector<std::string>& values, const char* type,
              const char* help, Detail detail = Detail::kCommon);

  // Words that are no options, in this order.
  void operand(const char* name, std::string& value, const char* help);
  void optional_operand(const char* name, std::optional<std::string>& value,
                        const char* help);
  // Any number of them, the last ones of the line.
  void operands(const char* name, std::vector<std::string>& values, const char* help);

  // A command that the help lists, with its operands, and what it does.
  void command(std::string name, const char* summary);

  // A long name that others may mean, and what to suggest to them.
  void suggest(std::string name, std::string suggestion);

  // Reads all of `words`. Returns the help or version where that is asked for: it is to
  // be printed, and nothing to be done. Throws base::Error with the status for wrong use.
  [[nodiscard]] std::optional<std::string> parse(std::span<char* const> words);

  // The same for options in front of the first operand. `end` receives how many words
  // these are, a "--" included.
  [[nodiscard]] std::optional<std::string> parse_front(std::span<char* const> words,
                                                       std::size_t& end);

  // Throws base::Error for wrong use: "SENTENCE: see COMMAND --help".
  [[noreturn]] void refuse(const std::string& sentence) const;

  // "--output", of each option.
  [[nodiscard]] std::vector<std::string> long_names() const;

 private:
  friend class Help;
  friend class Parser;

  using Target = std::variant<bool*, std::optional<std::string>*, std::string*,
                              std::vector<std::string>*>;
  struct Option {
    const char* names;
    const char* type;  // "" for a flag
    const char* help;
    Detail detail;
    Target target;
  };
  struct Command {
    std::string name;
    const char* summary;
  };

  // What --help, --help-all or --version prints, where one is given.
  [[nodiscard]] std::optional<std::string> answer() const;
  [[noreturn]] void refuse_unknown(std::string_view name) const;

  Description description_;
  std::vector<Option> options_;
  std::vector<Option> operands_;
  std::vector<Command> commands_;
  std::map<std::string, std::string> suggestions_;
  bool help_ = false;
  bool help_all_ = false;
  bool version_ = false;
};

}  // namespace xar::cli
