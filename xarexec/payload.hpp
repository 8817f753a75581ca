// SPDX-License-Identifier: BSD-2-Clause
// The payload: how a target is executed, and what it finds in its environment.
#pragma once

#include <filesystem>
#include <string>

#include "xar/backend.hpp"

namespace xar::xarexec {

struct Payload {
  std::filesystem::path directory;  // the archive's files
  std::string target;               // relative to it
  const char* file = nullptr;       // the archive, as the user wrote it
  char** arguments = nullptr;       // null-terminated
};

// Replaces this process by the payload, which inherits `directory` as the descriptor
// that keeps the mount. `started` is when this launch began. Throws base::Error
// with status 126 or 127.
[[noreturn]] void execute(const Payload& payload, const backend::Directory& directory,
                          const timespec& started);

}  // namespace xar::xarexec
