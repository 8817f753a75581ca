// SPDX-License-Identifier: BSD-2-Clause
// From an archive to its running payload. With a live mount this is the fast
// path: header, pin, exec.
#pragma once

#include <optional>
#include <string>

#include "xar/base/fd.hpp"
#include "xar/cli/option_set.hpp"
#include "xarexec/command_info.hpp"

namespace xar::xarexec {

struct Launch {
  static constexpr CommandInfo kInfo = {
      "", "", "FILE [ARGS...]", "Run the application in FILE", "", ""};

  // The archive, as the user wrote it.
  const char* file = nullptr;
  // What belongs to the payload, null-terminated; borrowed from argv.
  char** arguments = nullptr;
  // The backend by its name.
  std::optional<std::string> backend = std::nullopt;
  // The archive, open, where it is the file that this process executes; borrowed.
  const base::Fd* executed = nullptr;
  // Whether steps are told, also by archives that the payload starts.
  bool verbose = false;

  void describe(cli::OptionSet& options);

  // Does not return if the payload is executed. Throws base::Error with the exit
  // status that fits.
  [[nodiscard]] int run() const;
};

}  // namespace xar::xarexec
