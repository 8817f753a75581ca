// SPDX-License-Identifier: BSD-2-Clause
// How a command says which words it understands. A thin face of CLI11: its header
// costs every file that includes it seconds to compile, and the launcher
// constructors at each start, so options.cpp alone does.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace xar::xarexec {

// The words that follow a command's name. What is passed by reference is filled while
// the command line is parsed and has to live until then.
class OptionSet {
 public:
  explicit OptionSet(CLI::App& app) : app_(app) {}

  // `names` as "-l,--long"; `help` is one sentence without a full stop.
  void flag(const char* names, bool& value, const char* help);
  // An option with a value, shown as `type`, such as "SECONDS".
  void value(const char* names, std::optional<std::string>& value, const char* type,
             const char* help);

  // One that may be given several times.
  void values(const char* names, std::vector<std::string>& values, const char* type,
              const char* help);

  // Words that are no options, in this order.
  void operand(const char* name, std::string& value, const char* help);
  void optional_operand(const char* name, std::optional<std::string>& value,
                        const char* help);
  // Any number of them, the last ones of the line.
  void operands(const char* name, std::vector<std::string>& values, const char* help);

 private:
  CLI::App& app_;
};

}  // namespace xar::xarexec
