// SPDX-License-Identifier: BSD-2-Clause
// The part of the command line that is about how content is packed: effort, order, and
// the cache of what earlier builds have done.
#pragma once

#include <optional>
#include <string>

#include "xar/cli/option_set.hpp"

namespace xar::xarbuild {

struct Options;

class PackingOptions {
 public:
  // Adds them to `set`, the least important ones of --help as `minor`; parsing fills in
  // this, which must live as long as `set`.
  void add_to(cli::OptionSet& set, cli::Detail minor);

  // Once a line has been parsed by `set`: fills in `options`. Throws base::Error for
  // wrong use, and if the sort file is not one.
  void take(const cli::OptionSet& set, Options& options) const;

 private:
  void take_effort(const cli::OptionSet& set, Options& options) const;

  bool fast_ = false;
  bool small_ = false;
  bool without_cache_ = false;
  std::optional<std::string> zstd_level_;
  std::optional<std::string> block_size_;
  std::optional<std::string> threads_;
  std::optional<std::string> sort_file_;
  std::optional<std::string> cache_folder_;
  std::optional<std::string> cache_limit_;
};

}  // namespace xar::xarbuild
