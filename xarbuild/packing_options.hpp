// SPDX-License-Identifier: BSD-2-Clause
// The part of the command line that is about how content is packed: effort, order, and
// the cache of what earlier builds have done.
#pragma once

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace xar::xarbuild {

struct Options;

class PackingOptions {
 public:
  // Adds them to `command`; parsing fills in `options` and this, which must both live
  // as long as `command`.
  void add_to(CLI::App& command, Options& options);

  // Once `used` has been parsed: settles what depends on several options and on the
  // environment. Throws base::Error if the sort file is not one.
  void settle(const CLI::App& used, Options& options) const;

 private:
  std::filesystem::path sort_file_;
  std::filesystem::path cache_folder_;
};

// What a transformed size option says to "-1", which would be wrapped around.
std::string refuse_negative(std::string& size);

}  // namespace xar::xarbuild
