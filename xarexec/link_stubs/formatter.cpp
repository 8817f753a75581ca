// SPDX-License-Identifier: BSD-2-Clause
// Leaves out the help that every CLI::App can print. Ours is laid out elsewhere.
#include <string>

namespace CLI {

class App;
class Option;
enum class AppFormatMode;

// As much of CLI11's class as names what is left out.
class Formatter {
 public:
  std::string make_description(const App* app) const;
  std::string make_expanded(const App* app) const;
  std::string make_option_opts(const Option* option) const;
  std::string make_subcommands(const App* app, AppFormatMode mode) const;
  std::string make_usage(const App* app, std::string name) const;
};

std::string Formatter::make_description(const App*) const {
  return {};
}

std::string Formatter::make_expanded(const App*) const {
  return {};
}

std::string Formatter::make_option_opts(const Option*) const {
  return {};
}

std::string Formatter::make_subcommands(const App*, AppFormatMode) const {
  return {};
}

std::string Formatter::make_usage(const App*, std::string) const {
  return {};
}

}  // namespace CLI
