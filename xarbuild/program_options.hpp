// SPDX-License-Identifier: BSD-2-Clause
// The part of `xarbuild dir` that says what the archive executes.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace xar::xarbuild {

struct Directory;

class ProgramOptions {
 public:
  // Adds them to `command`; parsing fills in this, which must live as long as `command`.
  void add_to(CLI::App& command);

  // Once `used` has been parsed: what of them was given goes into `directory`. Throws
  // base::Error for an --env without a value.
  void take(const CLI::App& used, Directory& directory) const;

 private:
  std::string executed_;
  std::string run_;
  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
};

}  // namespace xar::xarbuild
