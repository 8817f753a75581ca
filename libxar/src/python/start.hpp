// SPDX-License-Identifier: BSD-2-Clause
// Which of all that is packed the archive runs.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "python/facts.hpp"
#include "xar/python.hpp"

namespace xar::python {

struct Start {
  // MODULE, MODULE:FUNCTION or a script's path in the image; none if only a name can
  // choose.
  std::optional<std::string> entry;
  std::map<std::string, std::string> scripts;  // by the name that chooses them
};

// What the user named, else what a PEX or zipapp says, a __main__.py at the root, or the
// only console script of what was asked for. Throws base::Error, naming what there is,
// if that is nothing.
Start choose_start(const Application& application, const Facts& facts,
                   const tree::Tree& tree);

}  // namespace xar::python
