// SPDX-License-Identifier: BSD-2-Clause
// Leaves out reading and writing of configuration files, which every CLI::App can do and
// nobody here asks for.
#include <istream>
#include <string>
#include <vector>

namespace CLI {

class App;
struct ConfigItem {};

// As much of CLI11's class as names its two functions.
class ConfigBase {
 public:
  std::string to_config(const App* app, bool defaults, bool described,
                        std::string prefix) const;
  std::vector<ConfigItem> from_config(std::istream& input) const;
};

std::string ConfigBase::to_config(const App*, bool, bool, std::string) const {
  return {};
}

std::vector<ConfigItem> ConfigBase::from_config(std::istream&) const {
  return {};
}

}  // namespace CLI
