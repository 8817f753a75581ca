// SPDX-License-Identifier: BSD-2-Clause
// Walking /proc, where processes end while one looks at them: what cannot be read is
// passed over.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace xar::base {

// Calls `visit` with each process and its folder in /proc.
void for_each_process(
    const std::function<void(pid_t, const std::filesystem::path&)>& visit);

// What the process's first thread does, by proc_pid_stat(5)'s letter: 'S' for sleeping,
// 'T' and 't' for stopped by a signal and by a debugger. Zero where it cannot be known.
char process_state(pid_t process);

// What /proc/PID/stat tells of a process.
struct ProcessStatus {
  std::string name;   // its short name
  char state = '\0';  // as process_state()
  pid_t parent = 0;
  // The signal that tells its parent of its end; 0: the parent is not told, and waits
  // for it only if it asks for such children.
  int exit_signal = 0;
};

// The content of such a file; nothing where it is not as it should be.
std::optional<ProcessStatus> parse_process_status(std::string_view text);

// Nothing where there is no such process.
std::optional<ProcessStatus> process_status(pid_t process);

// The text of a symlink; empty where there is none.
std::string read_link(const std::filesystem::path& path);

}  // namespace xar::base
