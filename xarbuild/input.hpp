// SPDX-License-Identifier: BSD-2-Clause
// What a build reads: a directory or a Python application, as a tree.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "xar/base/interrupt.hpp"
#include "xarbuild/options.hpp"

namespace xar::xarbuild {

struct Input {
  std::shared_ptr<const void> files;  // intermediate ones, which the tree refers to
  tree::Tree tree;
  std::optional<std::string> target;  // what of it is executed
  std::map<std::string, std::string> header_lines;
  std::vector<std::string> first;     // files that a start reads, best kept together
  std::vector<std::string> warnings;  // sentences for the user
};

// Adds to `findings`. Throws base::Error for what cannot be packed, or base::Interrupted.
Input read_input(const Options& options, tree::ScanFindings& findings,
                 base::InterruptWatch& interrupts);

}  // namespace xar::xarbuild
