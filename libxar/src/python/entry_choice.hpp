// SPDX-License-Identifier: BSD-2-Clause
// Which of all that is packed the archive runs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "python/build_facts.hpp"
#include "xar/python.hpp"

namespace xar::python {

struct EntryChoice {
  // MODULE, MODULE:FUNCTION, the path of a script in Python in the image, or "exec " and
  // the path of another program; none if only a name can choose.
  std::optional<std::string> entry;
  std::map<std::string, std::string> scripts;  // by the name that chooses them
  std::vector<std::string> warnings;           // sentences for the user
};

// What the user named, else what a PEX or zipapp says, a __main__.py at the root, or the
// only console script of what was asked for. Throws base::Error, naming what there is,
// if that is nothing.
EntryChoice choose_start(const Application& application, const BuildFacts& facts,
                         const tree::Tree& tree);

}  // namespace xar::python
